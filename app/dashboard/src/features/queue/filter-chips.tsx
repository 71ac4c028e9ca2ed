import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schema } from "@/shared/api/client";
import { absolute } from "@/shared/time/words";
import { placeName } from "@/shared/ui/outside";
import { sideways } from "@/shared/ui/sideways";
import { filterOf, filtersSet, type Filter } from "./choice";
import { FacetChip, type Option } from "./facet-chip";
import { countsQuery } from "./queries";
import type { Several } from "./search";
import { tabOf } from "./tabs";
import classes from "./toolbar.module.css";
import { BAND_WORDS, DUE_WORDS, DUES, TIER_WORDS, TURN_WORDS } from "./vocabulary";

type Facets = Omit<Schema<"TaskCounts">, "total">;
type Words = (value: string) => string;

const closed =
  (words: Record<string, string>): Words =>
  (value) =>
    words[value] ?? value;
const CHIPS: readonly { name: Exclude<Several, "due" | "status">; title: string; words: Words }[] = [
  { name: "band", title: "Band", words: closed(BAND_WORDS) },
  { name: "integration", title: "Source", words: (value) => (value === "none" ? "Written here" : placeName(value)) },
  { name: "assignee", title: "Assignee", words: closed({ none: "Nobody", me: "Me" }) },
  { name: "label", title: "Label", words: (value) => value },
  { name: "turn", title: "Turn", words: closed(TURN_WORDS) },
  { name: "kind", title: "Kind", words: closed({ task: "Written here" }) },
  { name: "tier", title: "Pinned", words: closed(TIER_WORDS) },
];

function optionsOf(name: keyof Facets, words: Words, counts: Facets | undefined): Option[] {
  const counted = (counts?.[name].values ?? []).map(({ value, count }) => ({ value, title: words(value), count }));
  return name === "assignee" ? [{ value: "me", title: "Me" }, ...counted] : counted;
}

type Given = { filter: Filter; counted: Filter; onChange: (filter: Filter) => void };

/** The filters beside words and state. */
export function FilterChips({ filter, counted, onChange }: Given) {
  const { data: counts } = useQuery(countsQuery(counted));
  const set = (name: Several, values: string[]) => onChange(filterOf({ ...filter, [name]: values }));
  const offered = CHIPS.filter(
    ({ name }) =>
      !(name === "turn" && tabOf(filter) === "waiting") &&
      // Nobody needs to be asked about what hardly ever is: some tasks pinned or held, more than one kind.
      !(
        name === "tier" &&
        !filter.tier &&
        !counts?.tier.values.some((each) => each.value !== "normal" && each.count > 0)
      ),
  );
  return (
    <div ref={sideways} className={`${classes.chips} sideways`} role="group" aria-label="Filters">
      {offered.map(({ name, title, words }) => (
        <FacetChip
          key={name}
          title={title}
          options={optionsOf(name, words, counts)}
          chosen={filter[name] ?? []}
          onChange={(values) => set(name, values)}
          more={counts?.[name].more ?? false}
        />
      ))}
      <FacetChip
        title="Due"
        options={DUES.map((value) => ({ value, title: DUE_WORDS[value] }))}
        chosen={filter.due ?? []}
        onChange={(values) => set("due", values)}
      />
      {(filter.due_after ?? filter.due_before) && (
        <span className={classes.chip} data-set>
          <span className={classes.chipname}>
            Due {filter.due_after ? `from ${absolute(filter.due_after)} ` : ""}
            {filter.due_before ? `before ${absolute(filter.due_before)}` : ""}
          </span>
        </span>
      )}
      {filtersSet(filter) > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => onChange(filterOf({ status: filter.status ?? [], q: filter.q ?? null }))}
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}
