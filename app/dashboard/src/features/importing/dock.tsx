import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import { several } from "@/shared/ui/numbers";
import classes from "./dock.module.css";
import { ImportCard } from "./import-card";
import type { Import } from "./imports";

/** What is being imported, and what came of it: on every page, until it is dismissed. */
export function Dock({ all }: { all: readonly Import[] }) {
  const [folded, setFolded] = useState(false);
  const going = all.filter(({ stage }) => stage.at !== "over" && stage.at !== "refused").length;
  return (
    <section className={classes.dock} aria-label="Imports">
      <header className={classes.head}>
        <h2 className={classes.title}>{going > 0 ? `Importing ${several(going, "file")}` : "Imports"}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-expanded={!folded}
          aria-label={folded ? "Show imports" : "Fold imports"}
          onClick={() => setFolded(!folded)}
        >
          {folded ? <IconChevronUp aria-hidden size={18} /> : <IconChevronDown aria-hidden size={18} />}
        </ActionIcon>
      </header>
      {!folded && (
        <div className={classes.cards}>
          {all.toReversed().map((each) => (
            <ImportCard key={each.id} each={each} />
          ))}
        </div>
      )}
    </section>
  );
}
