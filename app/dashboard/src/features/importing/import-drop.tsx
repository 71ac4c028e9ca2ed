import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { meQuery, useMay } from "@/shared/api/session";
import { useCommands } from "@/shared/keys/commands";
import { arriving } from "@/shared/ui/arriving";
import { several } from "@/shared/ui/numbers";
import { useStore } from "@/shared/ui/store";
import classes from "./dock.module.css";
import { DropOverlay } from "./drop-overlay";
import { ImportCard } from "./import-card";
import { imports, losesByLeaving, resume, take } from "./imports";
import { importAsked, openImport } from "./open-import";
import { AS_FOUND } from "./requests";

const ImportDialog = lazy(() =>
  arriving(() => import("./import-dialog")).then((module) => ({ default: module.ImportDialog })),
);
const MappingDialog = lazy(() =>
  arriving(() => import("./mapping-dialog")).then((module) => ({ default: module.MappingDialog })),
);

/** What is being imported, and what came of it: on every page, until it is dismissed. */
function Dock() {
  const all = useStore(imports);
  const [folded, setFolded] = useState(false);
  if (all.length === 0) return null;
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

/** Whoever leaves while a file is being sent is asked by the browser. */
function useLeavingAsked() {
  useEffect(() => {
    const leaving = (event: BeforeUnloadEvent) => losesByLeaving() && event.preventDefault();
    addEventListener("beforeunload", leaving);
    return () => removeEventListener("beforeunload", leaving);
  }, []);
}

function Importing({ mayKeep }: { mayKeep: boolean }) {
  const asking = useStore(imports).find(({ stage }) => stage.at === "asking");
  const wanted = useStore(importAsked) !== null;
  useLeavingAsked();
  useEffect(() => void resume(), []);
  useCommands([
    {
      id: "import",
      group: "Integrations",
      title: "Import files…",
      words: "upload mbox csv slack notion",
      run: openImport,
    },
  ]);
  return (
    <>
      <DropOverlay mayKeep={mayKeep} onFiles={(files, onlyMe) => take(files, { ...AS_FOUND, onlyMe })} />
      <Suspense>{wanted && <ImportDialog mayKeep={mayKeep} />}</Suspense>
      <Suspense>
        {asking?.stage.at === "asking" && (
          <MappingDialog key={asking.id} id={asking.id} name={asking.name} first={asking.stage.preview} />
        )}
      </Suspense>
      <Dock />
    </>
  );
}

/** Files may be dropped anywhere, by whoever may import. Stands on every page. */
export function ImportDrop() {
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  // What a program's key brings in belongs to nobody, so nobody could keep it to themselves.
  return may("intake:write") ? <Importing mayKeep={Boolean(me?.user)} /> : null;
}
