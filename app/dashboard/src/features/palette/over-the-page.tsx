import { lazy, Suspense } from "react";
import { useCommands } from "@/shared/keys/commands";
import { isMac } from "@/shared/keys/platform";
import { arriving } from "@/shared/ui/arriving";
import { useStore } from "@/shared/ui/store";
import { closeBoth, opened, openHelp, openPalette } from "./opening";
import { Palette } from "./palette";

const Help = lazy(async () => ({ default: (await arriving(() => import("./help"))).Help }));

const toggle = () => (opened.get() === "palette" ? closeBoth() : openPalette());

/** The palette and the help, and the keys that open them. */
export function OverThePage() {
  const present = useStore(opened);
  useCommands([
    { id: "palette", group: "Anywhere", keys: "mod+k", title: "Find or do…", quiet: true, run: toggle },
    ...(isMac
      ? [{ id: "palette too", group: "Anywhere", keys: "ctrl+k", title: "Find or do… too", quiet: true, run: toggle }]
      : []),
    { id: "help", group: "Anywhere", keys: "?", title: "Show all keys", words: "help shortcuts", run: openHelp },
  ]);
  if (present === "palette") return <Palette />;
  return <Suspense>{present === "help" && <Help />}</Suspense>;
}
