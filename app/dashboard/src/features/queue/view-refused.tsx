import { Button, Group, Stack, Text } from "@mantine/core";
import { asApiError } from "@/shared/api/errors";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import type { SavedView } from "./queries";

/** What stands between a change of a view and its being saved. */
export type Refusal =
  | { why: "unknown" } // nothing was sent: nobody knows on which version it was decided
  | { why: "refused"; error: Error; again: () => void };

type Given = {
  refusal: Refusal;
  view: SavedView;
  isSaving: boolean;
  onClose: () => void;
  /** Shows the view as it is now. */
  onTake: () => void;
  /** Saves what is shown over it as it is now. Null where it was something else that was to be changed. */
  onOver: (() => void) | null;
};

/** A view that was not changed: somebody else was quicker, or may have been, or it failed. */
export function ViewRefused({ refusal, view, isSaving, onClose, onTake, onOver }: Given) {
  const name = seen(view.name);
  const isUnknown = refusal.why === "unknown";
  if (!isUnknown && asApiError(refusal.error).status !== 412)
    return (
      <Dialog onClose={onClose} title="The view is not changed">
        <ProblemPanel error={refusal.error} onRetry={refusal.again} />
      </Dialog>
    );
  return (
    <Dialog onClose={onClose} title={isUnknown ? "Save over the view?" : "This view was changed meanwhile"}>
      <Stack gap="md">
        <Text size="sm">
          {isUnknown ? (
            <>
              All see <bdi>«{name}»</bdi>, and what you see here is not what it shows. Somebody may have changed it
              since this address was made.
            </>
          ) : (
            <>
              Since you saw it, somebody changed <bdi>«{name}»</bdi>. Nothing of yours is saved yet.
            </>
          )}
        </Text>
        <Group justify="flex-end">
          {onOver && (
            <Button variant="default" loading={isSaving} onClick={onOver}>
              Save what I see over it
            </Button>
          )}
          <Button data-autofocus onClick={onTake}>
            Show it as it is now
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
