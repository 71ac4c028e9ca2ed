import { Button, Popover, Stack, TextInput } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useState, type SyntheticEvent } from "react";
import { absolute } from "@/shared/time/words";

const HOUR = 3600_000;
const AGO: readonly [string, number][] = [
  ["An hour ago", HOUR],
  ["Yesterday at this time", 24 * HOUR],
  ["A week ago", 7 * 24 * HOUR],
];

/** Picks a moment in the past; null is now. */
export function AsOf({
  at,
  since,
  onChange,
}: {
  at: string | null;
  since: string;
  onChange: (at: string | null) => void;
}) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const choose = (moment: number) => {
    onChange(new Date(moment).toISOString());
    setOpen(false);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const moment = Date.parse(typed);
    if (Number.isNaN(moment)) setProblem("Give a day and a time.");
    else if (moment > Date.now())
      setProblem("That is still to come. What comes is shown below, under «What comes by itself?».");
    else choose(moment);
  };
  if (at !== null)
    return (
      <Button size="compact-sm" variant="light" onClick={() => onChange(null)}>
        Back to now
      </Button>
    );
  const began = Date.parse(since);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={270}
      trapFocus
      returnFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconClock aria-hidden size={15} stroke={1.6} />}
          onClick={() => setOpen(!open)}
        >
          At another time
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="How it stood at another time">
        <Stack gap={4}>
          {AGO.map(([title, ago]) => (
            <Button key={title} size="xs" variant="subtle" justify="start" onClick={() => choose(Date.now() - ago)}>
              {title}
            </Button>
          ))}
          <Button
            size="xs"
            variant="subtle"
            justify="start"
            title={absolute(since)}
            onClick={() => choose(Math.min(began + HOUR, Date.now()))}
          >
            An hour after it began
          </Button>
          <form onSubmit={submit}>
            <Stack gap="xs" mt={6}>
              <TextInput
                label="Or at"
                type="datetime-local"
                size="xs"
                value={typed}
                error={problem}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  setProblem("");
                }}
              />
              <Button size="xs" type="submit" variant="default">
                Show how it stood then
              </Button>
            </Stack>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
