import { Checkbox } from "@mantine/core";
import { IconExternalLink, IconPaperclip } from "@tabler/icons-react";
import { useState } from "react";
import { Moment } from "@/shared/time/moment";
import { absolute } from "@/shared/time/words";
import { bytes } from "@/shared/ui/numbers";
import { seen, webAddress } from "@/shared/ui/outside";
import type { Item } from "../queries";
import classes from "./message.module.css";
import { OutsideText } from "./outside-text";
import type { Quote } from "./parts";
import { addressed, reactionsIn, writer } from "./people";

const LONG = 1_400;
const EXCERPT = 140;

type Given = {
  item: Item;
  quotes: readonly Quote[];
  /** The line of the sum whose words are shown; null: none. */
  chosen: string | null;
  open: boolean;
  onToggle: (item: Item) => void;
  /** Whether it is to go into a task of its own; null: nothing is being split. */
  picked: boolean | null;
  onPick: (item: Item) => void;
};

/** One message, line of a channel, or row: folded to a line, or whole. */
export function Message({ item, quotes, chosen, open, onToggle, picked, onPick }: Given) {
  const name = seen(writer(item));
  const to = addressed(item);
  const excerpt = seen(item.text).replace(/\s+/g, " ").slice(0, EXCERPT);
  return (
    <li className={classes.message} data-item={item.id} data-open={open || undefined}>
      <div className={classes.head}>
        {picked !== null && (
          <Checkbox
            size="sm"
            checked={picked}
            onChange={() => onPick(item)}
            aria-label={`Into a task of its own: ${name}, ${item.sent_at ? absolute(item.sent_at) : "no date"}`}
          />
        )}
        <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => onToggle(item)}>
          <span className={classes.who}>
            <strong dir="auto">{name}</strong>
            {item.place && <span dir="auto">in {seen(item.place)}</span>}
            {open && to && (
              <span dir="auto" title={seen(to.all)}>
                to {seen(to.short)}
              </span>
            )}
          </span>
          <span className={classes.when}>
            {quotes.length > 0 && !open && (
              <span className={classes.counts} title="Words of it count in the sum">
                counts
              </span>
            )}
            {item.attachments.length > 0 && !open && (
              <IconPaperclip role="img" aria-label="With attachments" size={14} />
            )}
            {item.sent_at && <Moment at={item.sent_at} />}
          </span>
          {!open && (
            <span className={classes.excerpt} dir="auto">
              {excerpt || "(no text)"}
            </span>
          )}
        </button>
      </div>
      {open && <Whole item={item} quotes={quotes} chosen={chosen} />}
    </li>
  );
}

function Whole({ item, quotes, chosen }: Pick<Given, "item" | "quotes" | "chosen">) {
  const there = webAddress(item.url);
  const edited = item.edited_at && item.edited_at !== item.sent_at;
  return (
    <div className={classes.whole}>
      {item.problems.map((problem) => (
        <p key={problem} className={classes.problem} dir="auto">
          {seen(problem)}
        </p>
      ))}
      {item.automation && (
        <p className={classes.soft} dir="auto">
          Not written by a person to people: {seen(item.automation.reason)}
        </p>
      )}
      {item.work && <Row work={item.work} />}
      {(item.text || !item.work) && <Body text={item.text} quotes={quotes} chosen={chosen} />}
      <Reactions labels={item.labels} />
      {item.attachments.length > 0 && (
        <ul className={classes.files} aria-label="Attachments">
          {item.attachments.map((file, index) => (
            <li key={index}>
              <IconPaperclip aria-hidden size={14} />
              <span dir="auto">{seen(file.name || file.media_type)}</span>
              <span className={classes.soft}>{bytes(file.size)}</span>
            </li>
          ))}
        </ul>
      )}
      <Folded title="Signature" text={item.signature} />
      <Folded title="Quoted history" text={item.quoted} />
      <p className={classes.foot}>
        {item.sent_at && <time dateTime={item.sent_at}>{absolute(item.sent_at)}</time>}
        {edited && item.edited_at && <span title={`Last changed ${absolute(item.edited_at)}`}>edited</span>}
        {there && (
          <a href={there} target="_blank" rel="noreferrer">
            Open at its source <IconExternalLink aria-hidden size={13} />
          </a>
        )}
      </p>
    </div>
  );
}

/** Long texts begin folded, unless the words that are shown stand in the part that would be hidden. */
function Body({ text, quotes, chosen }: { text: string; quotes: readonly Quote[]; chosen: string | null }) {
  const long = text.length > LONG;
  const [whole, setWhole] = useState(false);
  const folded = long && !whole && chosen === null;
  return (
    <>
      <div className={classes.text} dir="auto">
        {text ? (
          <OutsideText text={folded ? `${text.slice(0, LONG)}…` : text} quotes={quotes} chosen={chosen} />
        ) : (
          <span className={classes.soft}>(no text)</span>
        )}
      </div>
      {long && chosen === null && (
        <button type="button" className={classes.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "Show less" : "Show all of it"}
        </button>
      )}
    </>
  );
}

function Folded({ title, text }: { title: string; text: string }) {
  if (!text.trim()) return null;
  return (
    <details className={classes.folded}>
      <summary>{title}</summary>
      <div className={classes.text} dir="auto">
        <OutsideText text={text} />
      </div>
    </details>
  );
}

function Row({ work }: { work: NonNullable<Item["work"]> }) {
  const fields = [...(work.status_name ? [{ name: "Status there", value: work.status_name }] : []), ...work.fields];
  if (fields.length === 0) return null;
  return (
    <dl className={classes.fields} aria-label="The row's fields">
      {fields.map(({ name, value }) => (
        <div key={name}>
          <dt dir="auto">{seen(name)}</dt>
          <dd dir="auto">
            <OutsideText text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Reactions({ labels }: { labels: readonly string[] }) {
  const reactions = reactionsIn(labels);
  const pinned = labels.includes("pinned");
  if (reactions.length === 0 && !pinned) return null;
  return (
    <ul className={classes.reactions} aria-label="Reactions">
      {reactions.map(({ name, sign, times }) => (
        <li key={name} title={seen(name)}>
          <span aria-hidden>
            {seen(sign)} {times}
          </span>
          <span className="unseen">
            {times} reacted with {seen(name)}
          </span>
        </li>
      ))}
      {pinned && <li>Pinned</li>}
    </ul>
  );
}
