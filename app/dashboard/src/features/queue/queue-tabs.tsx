import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { count } from "@/shared/ui/numbers";
import { sideways } from "@/shared/ui/sideways";
import type { Filter } from "./choice";
import { countsQuery } from "./queries";
import { countedForTabs, tabCounts, tabOf, TABS, underTab } from "./tabs";
import classes from "./toolbar.module.css";

type Given = { filter: Filter; counted: Filter; onChange: (filter: Filter) => void };

/** The states a task can be in, each with how many the other filters leave in it. */
export function QueueTabs({ filter, counted, onChange }: Given) {
  const { data } = useQuery({ ...countsQuery(countedForTabs(counted)), placeholderData: keepPreviousData });
  const counts = data && tabCounts(data);
  const present = tabOf(filter);
  return (
    <div ref={sideways} className={`${classes.tabs} sideways`} role="group" aria-label="State">
      {TABS.map(({ name, title, about }) => (
        <button
          key={name}
          type="button"
          className={classes.tab}
          title={about}
          aria-pressed={name === present}
          onClick={() => onChange(underTab(filter, name))}
        >
          {title}
          <span className={classes.number}>{counts ? count(counts[name]) : ""}</span>
        </button>
      ))}
    </div>
  );
}
