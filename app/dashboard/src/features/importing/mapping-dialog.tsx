import { Button, Group, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "@/shared/ui/dialog";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { NOTHING_SAID, type Corrections, type Preview } from "./columns";
import { DateQuestions } from "./date-questions";
import { answerColumns, previewAgain, stop } from "./imports";
import classes from "./mapping.module.css";
import { TablePreview } from "./table-preview";

const SETTLED_MS = 150; // arrow keys run through a list of choices

type Reading = { preview: Preview; said: Corrections; busy: boolean; error: unknown };

/** What was said of the columns, and what it makes of the rows: read again after each word. */
function useReading(id: number, first: Preview) {
  const [reading, setReading] = useState<Reading>({ preview: first, said: NOTHING_SAID, busy: false, error: null });
  const latest = useRef<AbortController | null>(null);
  useEffect(() => () => latest.current?.abort(), []);
  const change = async (said: Corrections) => {
    latest.current?.abort();
    const asking = new AbortController();
    latest.current = asking;
    setReading((before) => ({ ...before, said, busy: true, error: null }));
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      if (asking.signal.aborted) return;
      const preview = await previewAgain(id, said, asking.signal);
      setReading((before) => ({ ...before, preview, busy: false }));
      say("The rows are read again.");
    } catch (error) {
      if (!asking.signal.aborted) setReading((before) => ({ ...before, busy: false, error }));
    }
  };
  return { reading, change };
}

/** Before a table is imported: what its columns are taken to mean, to look at and correct. */
export function MappingDialog({ id, name, first }: { id: number; name: string; first: Preview }) {
  const { reading, change } = useReading(id, first);
  const { preview, said, busy, error } = reading;
  const many = preview.tables.length > 1;
  return (
    <Dialog onClose={() => stop(id)} size="xl" title="This is how your columns are read" closeOnClickOutside={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answerColumns(id, said);
        }}
      >
        <Text size="sm" c="dimmed" dir="auto">
          {seen(name)} holds {many ? several(preview.tables.length, "table") : "a table"}. Correct what is wrong; it is
          remembered for the next import.
        </Text>
        <DateQuestions preview={preview} said={said} onChange={(next) => void change(next)} />
        {error !== null && <ProblemPanel error={error} onRetry={() => void change(said)} />}
        <div className={classes.tables} aria-busy={busy}>
          {preview.tables.map((table, place) => (
            <TablePreview
              key={place}
              table={table}
              guessed={first.tables[place]}
              alone={!many}
              open={place === 0}
              said={said}
              onChange={(next) => void change(next)}
            />
          ))}
        </div>
        <Group className={classes.foot}>
          <Button type="submit" data-autofocus>
            Import
          </Button>
          <Button variant="default" onClick={() => stop(id)}>
            Cancel
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
