import { useNow } from "./now";
import { absolute, PHRASES, urgencyOf, type Phrase } from "./words";

/** A moment in words that keep themselves up to date, with the exact time on hover and for assistive technology. */
export function Moment({ at, phrase = "ago" }: { at: string; phrase?: Phrase }) {
  const left = Date.parse(at) - useNow();
  return (
    <time dateTime={at} title={absolute(at)} data-urgency={phrase === "due" ? urgencyOf(left) : undefined}>
      {PHRASES[phrase](left)}
    </time>
  );
}
