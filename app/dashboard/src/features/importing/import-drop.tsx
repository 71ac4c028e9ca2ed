import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { meQuery, useMay } from "@/shared/api/session";
import { useCommands } from "@/shared/keys/commands";
import { arriving } from "@/shared/ui/arriving";
import { useStore } from "@/shared/ui/store";
import { DropOverlay } from "./drop-overlay";
import { imports, losesByLeaving, resume, take } from "./imports";
import { importAsked, openImport } from "./open-import";
import { AS_FOUND } from "./requests";

const Dock = lazy(async () => ({ default: (await arriving(() => import("./dock"))).Dock }));
const ImportDialog = lazy(async () => ({ default: (await arriving(() => import("./import-dialog"))).ImportDialog }));
const MappingDialog = lazy(async () => ({ default: (await arriving(() => import("./mapping-dialog"))).MappingDialog }));

/** Whoever leaves while a file is being sent is asked by the browser. */
function useLeavingAsked() {
  useEffect(() => {
    const leaving = (event: BeforeUnloadEvent) => losesByLeaving() && event.preventDefault();
    addEventListener("beforeunload", leaving);
    return () => removeEventListener("beforeunload", leaving);
  }, []);
}

function Importing({ mayKeep }: { mayKeep: boolean }) {
  const all = useStore(imports);
  const asking = all.find(({ stage }) => stage.at === "asking");
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
      <Suspense>{all.length > 0 && <Dock all={all} />}</Suspense>
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
