import { seen, webAddress } from "@/shared/ui/outside";
import classes from "./outside-text.module.css";
import { partsOf, type Quote } from "./parts";

const NONE: readonly Quote[] = [];

/**
 * A text from outside, as text: only web addresses in it can be followed, each showing where it leads. The words
 * that lines of the sum rest on are marked; those of the `chosen` line strongly.
 */
export function OutsideText({
  text,
  quotes = NONE,
  chosen = null,
}: {
  text: string;
  quotes?: readonly Quote[];
  chosen?: string | null;
}) {
  return partsOf(
    seen(text),
    quotes.map((each) => ({ ...each, quote: seen(each.quote) })),
  ).map(({ href, stretches }, index) => {
    const inner = stretches.map(({ text: words, rules }, place) =>
      rules.length === 0 ? (
        words
      ) : (
        <mark
          key={place}
          className={classes.quote}
          data-chosen={(chosen !== null && rules.includes(chosen)) || undefined}
          data-rules={rules.join(" ")}
        >
          {words}
        </mark>
      ),
    );
    const address = webAddress(href);
    return address ? (
      <a key={index} href={address} target="_blank" rel="noreferrer" className={classes.link}>
        {inner}
      </a>
    ) : (
      <span key={index}>{inner}</span>
    );
  });
}
