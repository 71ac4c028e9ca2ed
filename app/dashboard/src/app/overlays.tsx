import { ActingDialogs } from "@/features/acting/acting-dialogs";
import { ConflictDialog } from "@/features/acting/conflict-dialog";
import { Notices } from "@/features/acting/notices";
import { ImportDrop } from "@/features/importing/import-drop";
import { OverThePage } from "@/features/palette/over-the-page";

/** What may lie over any page: notices, dialogs of acts, the palette, help. */
export function Overlays() {
  return (
    <>
      <OverThePage />
      <ActingDialogs />
      <ConflictDialog />
      <Notices />
      <ImportDrop />
    </>
  );
}
