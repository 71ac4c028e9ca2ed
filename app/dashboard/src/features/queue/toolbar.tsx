import { Button } from "@mantine/core";
import { IconHandGrab } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useCommands } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import type { Filter } from "./choice";
import { DisplayMenu } from "./display-menu";
import { FilterChips } from "./filter-chips";
import { QueueTabs } from "./queue-tabs";
import { SearchField } from "./search-field";
import classes from "./toolbar.module.css";
import type { useChoice } from "./use-choice";
import { ViewsMenu } from "./views-menu";

type Given = {
  chosen: ReturnType<typeof useChoice>;
  /** The filter that is counted: the chosen one, as soon as its words are no longer typed. */
  counted: Filter;
  /** The list of what is chosen is not here yet. */
  busy: boolean;
  /** Goes on into the list. */
  onDown: () => void;
  /** Selects the whole list; left out for who may not. */
  selectAll: ReactNode;
  /** Takes the next task that is nobody's; left out for who may not. */
  claim: { run: () => void; pending: boolean } | null;
};

/** Which tasks are shown, and how. */
export function Toolbar({ chosen, counted, busy, onDown, selectAll, claim }: Given) {
  const { choice, view, setFilter, setLook, apply, adopt } = chosen;
  const { filter } = choice;
  useCommands(
    claim
      ? [{ id: "claim", group: "In the queue", keys: "c", title: "Claim the next task", words: "take", run: claim.run }]
      : [],
  );
  return (
    <div className={classes.toolbar}>
      <div className={classes.lines}>
        <div className={classes.line}>
          <SearchField
            q={filter.q ?? ""}
            busy={busy}
            onSearch={(q) => {
              const { q: before, ...rest } = filter;
              setFilter(q ? { ...rest, q } : rest, { replace: Boolean(before) && Boolean(q) });
            }}
            onDown={onDown}
          />
          {claim && (
            <Button
              className={classes.claim}
              loading={claim.pending}
              title="Claim next"
              aria-keyshortcuts="c"
              leftSection={<IconHandGrab aria-hidden size={16} />}
              rightSection={<KeysHint keys="c" />}
              onClick={claim.run}
            >
              <span className={classes.word}>Claim next</span>
            </Button>
          )}
        </div>
        <div className={classes.line}>
          <QueueTabs filter={filter} counted={counted} onChange={(next) => setFilter(next)} />
          <ViewsMenu choice={choice} view={view} onApply={apply} onAdopt={adopt} />
          <DisplayMenu look={choice} onChange={setLook} />
        </div>
      </div>
      <div className={classes.under}>
        {selectAll}
        <FilterChips filter={filter} counted={counted} onChange={(next) => setFilter(next)} />
      </div>
    </div>
  );
}
