import { Anchor, CloseButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Schema } from "@/shared/api/client";
import { useLiveEvents } from "@/shared/live/use-live";
import { several } from "@/shared/ui/numbers";
import { say } from "@/shared/ui/say";
import { Store, useStore } from "@/shared/ui/store";
import { renewRules } from "./calls";
import classes from "./rules.module.css";

type Ranking = { ruleset: Schema<"RulesetVersion">; ranks: boolean; moved: number };

/** What was saved or made to rank last in this tab, and how many tasks have moved since. */
const ranking = new Store<Ranking | null>(null);

/** Another version ranks from now on: told to whoever looks at the rules, and counted as tasks move. */
export function ranksNow({ name, version }: Schema<"RulesetVersion">) {
  ranking.set({ ruleset: { name, version }, ranks: true, moved: 0 });
  say(`${name}, version ${version} ranks now.`);
  void renewRules();
}

/** A version was saved that does not rank. */
export function wasSaved({ name, version }: Schema<"RulesetVersion">) {
  ranking.set({ ruleset: { name, version }, ranks: false, moved: 0 });
  say(`${name}, version ${version} is saved.`);
}

/** Counts what moves as the server ranks the open tasks again: about once a second it says how many did. */
export function RankingAgain() {
  const now = useStore(ranking);
  useLiveEvents(({ type, data }) => {
    const held = ranking.get();
    if (type === "queue.changed" && data.actor === "clock" && typeof data.changed === "number" && held)
      ranking.set({ ...held, moved: held.moved + data.changed });
  });
  if (!now) return null;
  const { ruleset, ranks } = now;
  return (
    <div className={classes.ranking} role="status">
      <p>
        <strong>
          {ruleset.name}, version {ruleset.version}
        </strong>{" "}
        {ranks ? <Moves moved={now.moved} /> : "is saved. It does not rank yet: activate it under History."}
      </p>
      <CloseButton aria-label="Close this notice" onClick={() => ranking.set(null)} />
    </div>
  );
}

function Moves({ moved }: { moved: number }) {
  return (
    <>
      ranks now. Open tasks are ranked again, the top of the queue first:{" "}
      {moved ? `${several(moved, "task has", "tasks have")} moved since.` : "none has moved yet."}{" "}
      <Anchor component={Link} to="/" size="sm">
        To the queue
      </Anchor>
    </>
  );
}
