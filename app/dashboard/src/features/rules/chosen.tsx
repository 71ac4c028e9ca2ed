import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schema } from "@/shared/api/client";
import { Loaded } from "./loaded";
import { rulesetsQuery } from "./queries";
import { RowSkeletons } from "./row-skeletons";

export type RulesetItem = Schema<"RulesetItem">;

export const rulesRoute = getRouteApi("/signed-in/rules/{-$tab}");

/** The ruleset that the address names, or the one that ranks. */
export function WithChosen({ children }: { children: (chosen: RulesetItem, all: RulesetItem[]) => ReactNode }) {
  const query = useQuery(rulesetsQuery);
  const { ruleset } = rulesRoute.useSearch();
  return (
    <Loaded query={query} waiting={<RowSkeletons />}>
      {({ items }) => {
        const chosen = items.find(({ name }) => name === ruleset) ?? items.find(({ active }) => active) ?? items[0];
        return chosen ? children(chosen, items) : null;
      }}
    </Loaded>
  );
}

export function RulesetPicker({ chosen, all }: { chosen: RulesetItem; all: RulesetItem[] }) {
  const navigate = rulesRoute.useNavigate();
  return (
    <NativeSelect
      label="Ruleset"
      size="sm"
      value={chosen.name}
      onChange={(event) => void navigate({ search: { ruleset: event.currentTarget.value } })}
      data={all.map(({ name, active }) => ({ value: name, label: active ? `${name} (ranks now)` : name }))}
    />
  );
}
