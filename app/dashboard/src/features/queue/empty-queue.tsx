import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Empty } from "@/shared/ui/empty";
import { seen } from "@/shared/ui/outside";
import { filterOf, filtersSet, type Filter } from "./choice";
import { tabOf } from "./tabs";
import type { TabName } from "./tabs";

const NOTHING: Record<TabName, { title: string; about: string }> = {
  open: { title: "Nothing is waiting", about: "What arrives next stands here at once." },
  waiting: { title: "Nobody keeps us waiting", about: "Here stands what the other side has to answer." },
  snoozed: { title: "Nothing is snoozed", about: "What you snooze stands here until it comes back." },
  done: { title: "Nothing is done yet", about: "What you complete stands here, and can be reopened." },
  declined: { title: "Nothing was declined", about: "What you decline stands here with your reason." },
  not_for_us: { title: "Nothing is set aside", about: "Newsletters and automatic mail stand here with the reason." },
};

type Given = { filter: Filter; firstRun: ReactNode; anything: boolean; onChange: (filter: Filter) => void };

/** Why no task stands here, and the way out. `anything`: there are tasks of other states or for other filters. */
export function EmptyQueue({ filter, firstRun, anything, onChange }: Given) {
  const filters = filtersSet(tabOf(filter) === "waiting" ? { ...filter, turn: [] } : filter);
  const { q } = filter;
  if (!q && filters === 0) {
    const tab = tabOf(filter) ?? "open";
    if (tab === "open" && !anything) return firstRun;
    return <Empty title={NOTHING[tab].title}>{NOTHING[tab].about}</Empty>;
  }
  const status = { status: filter.status ?? [] };
  return (
    <Empty title={q ? `No task matches «${seen(q)}»` : "No task matches these filters"}>
      <Group justify="center" gap="xs" mt="xs">
        {q && (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onChange(filterOf({ ...filter, q: null }));
            }}
          >
            Clear the search
          </Button>
        )}
        {filters > 0 && (
          <Button size="xs" variant="default" onClick={() => onChange(filterOf({ ...status, q: q ?? null }))}>
            Clear the filters
          </Button>
        )}
      </Group>
    </Empty>
  );
}
