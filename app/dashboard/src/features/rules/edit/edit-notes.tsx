import { Button } from "@mantine/core";
import { useMay } from "@/shared/api/session";
import type { RulesetItem } from "../chosen";
import { PartLink } from "../part-link";
import classes from "../rules.module.css";
import type { Draft } from "./drafts";
import { isOvertaken } from "./use-working-text";

/** What somebody should know before they write on. */
export function EditNotes({
  chosen,
  draft,
  base,
  onDiscard,
}: {
  chosen: RulesetItem;
  draft: Draft | undefined;
  base: number;
  onDiscard: () => void;
}) {
  const may = useMay();
  const { name, version, active_version } = chosen;
  return (
    <>
      {!may("rules:write") && (
        <p className={classes.note}>
          You can try changes out here and look at what they would do. Only an admin can save them.
        </p>
      )}
      {isOvertaken(draft, chosen) && (
        <div className={classes.note} data-kind="warning" role="alert">
          Somebody saved version {version} of {name} while you wrote: yours began with version {draft?.base}. What you
          save becomes version {version + 1}, without their changes, unless you write them in.{" "}
          <PartLink tab="history" ruleset={name} version={version}>
            See what they changed
          </PartLink>{" "}
          <Button size="compact-xs" variant="default" onClick={onDiscard}>
            Discard yours
          </Button>
        </div>
      )}
      {!draft && active_version !== null && active_version !== base && base === version && (
        <p className={classes.note}>
          This is the newest version, {version}. Version {active_version} ranks.{" "}
          <PartLink tab="edit" ruleset={name} version={active_version}>
            Begin with that one
          </PartLink>
        </p>
      )}
    </>
  );
}
