import { Code } from "@mantine/core";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import type { Entry } from "./queries";

const text = (value: unknown) => seen(typeof value === "string" ? value : JSON.stringify(value));

/** What an entry changed, from what to what; folded where it is much. */
export function Changes({ entry }: { entry: Entry }) {
  const total = entry.changes.length + entry.omitted;
  return (
    <details>
      <summary>{total === 0 ? "details" : several(total, "change")}</summary>
      <ul>
        {entry.changes.map((change, index) => (
          <li key={index} dir="auto">
            {seen(change.target)} <strong>{seen(change.field)}</strong>: {text(change.before)} → {text(change.after)}
          </li>
        ))}
        {entry.omitted > 0 && <li>and {several(entry.omitted, "more change")}</li>}
        {entry.correlation_id && (
          <li>
            in the log as <Code>{entry.correlation_id}</Code>
          </li>
        )}
        <li>
          hash <Code>{entry.hash.slice(0, 16)}…</Code>
        </li>
      </ul>
    </details>
  );
}
