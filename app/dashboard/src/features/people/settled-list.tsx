import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useOnce } from "@/shared/api/use-once";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import classes from "./people.module.css";
import type { Settled } from "./use-settling";

function Line({ entry, onTakenBack }: { entry: Settled; onTakenBack: (entry: Settled, key: string) => void }) {
  const taking = useOnce({
    mutationFn: async (given: Settled, act) => (await given.takeBack?.(act)) ?? given.key,
    onSuccess: (key) => onTakenBack(entry, key),
  });
  return (
    <li className={classes.settled}>
      <IconCheck aria-hidden size={16} />
      <span dir="auto">{entry.sentence}</span>
      {entry.takeBack && (
        <Button
          size="compact-sm"
          variant="default"
          loading={taking.isPending}
          aria-label={`Take back: ${entry.sentence}`}
          onClick={() => taking.mutate(entry)}
        >
          Take back
        </Button>
      )}
      {taking.error && <ProblemPanel error={taking.error} />}
    </li>
  );
}

/** What was settled just now, each with its way back, as long as one is on the page. */
export function SettledList({
  settled,
  onTakenBack,
}: {
  settled: readonly Settled[];
  onTakenBack: (entry: Settled, key: string) => void;
}) {
  if (settled.length === 0) return null;
  return (
    <ul className={classes.settledList} aria-label="Settled just now">
      {settled.map((entry) => (
        <Line key={entry.key} entry={entry} onTakenBack={onTakenBack} />
      ))}
    </ul>
  );
}
