import { Group, NativeSelect, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { rulesRoute } from "../chosen";
import { Loaded } from "../loaded";
import { diffQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import { ChangeList } from "./change-list";
import { TextDiff } from "./text-diff";

/** What changed between two versions: in meaning, and line by line where asked for. */
export function Comparison({ name, versions }: { name: string; versions: readonly Schema<"VersionOut">[] }) {
  const search = rulesRoute.useSearch();
  const navigate = rulesRoute.useNavigate();
  const newest = versions[0]?.version ?? 1;
  const to = search.version ?? newest;
  const [from, setFrom] = useState<number | null>(null);
  const [byLine, setByLine] = useState(false);
  const before = from ?? (to > 1 ? to - 1 : undefined);
  const query = useQuery(diffQuery(name, before, to));
  const numbers = versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` }));
  return (
    <section aria-label="Comparison of two versions">
      <h2 className={frame.heading}>What changed</h2>
      <Group align="flex-end" gap="sm" mb="sm">
        <NativeSelect
          label="From"
          value={before === undefined ? "" : String(before)}
          data={before === undefined ? [{ value: "", label: "nothing" }] : numbers}
          onChange={(event) => setFrom(Number(event.currentTarget.value))}
        />
        <NativeSelect
          label="To"
          value={String(to)}
          data={numbers}
          onChange={(event) => {
            setFrom(null);
            void navigate({ search: { ruleset: name, version: Number(event.currentTarget.value) } });
          }}
        />
        <Switch
          label="Line by line"
          checked={byLine}
          onChange={(event) => setByLine(event.currentTarget.checked)}
          mb={8}
        />
      </Group>
      <Loaded query={query} waiting={<RowSkeletons rows={3} />}>
        {(diff) =>
          byLine ? (
            diff.text ? (
              <TextDiff text={diff.text} />
            ) : (
              <p className={frame.about}>The texts are the same.</p>
            )
          ) : (
            <ChangeList changes={diff.changes} />
          )
        }
      </Loaded>
    </section>
  );
}
