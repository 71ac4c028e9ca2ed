import { useState } from "react";
import { putTask } from "@/shared/acting/cache";
import { offerUndo } from "@/shared/acting/undo";
import { asApiError } from "@/shared/api/errors";
import { useMyName } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { seen } from "@/shared/ui/outside";
import { say } from "@/shared/ui/say";
import type { Note } from "./queue-notes";
import { claimNext, rankAbove } from "./requests";

/** Claiming the next task, and saying that one should stand above another; what came of it is a note above the list. */
export function useNotes(onClaimed: (id: number) => void) {
  const me = useMyName();
  const [note, setNote] = useState<Note | null>(null);
  const tell = (sentence: string, proposal?: number) => {
    setNote({ kind: "said", sentence, proposal });
    say(sentence);
  };
  const failed = (retry: () => void) => (error: Error) => setNote({ kind: "failed", error: asApiError(error), retry });

  const claiming = useOnce({ mutationFn: claimNext });
  const claim = () => {
    if (!me || claiming.isPending) return;
    claiming.mutate(me, {
      onSuccess: (claimed) => {
        if (!claimed) {
          tell("There is nothing to claim: every open task is somebody’s, or waits for others.");
          return;
        }
        putTask(claimed.task);
        if (claimed.undo) offerUndo(`Claimed: ${seen(claimed.task.title)}`, claimed.undo);
        onClaimed(claimed.task.id);
      },
      onError: failed(claim),
    });
  };

  const ranking = useOnce({ mutationFn: rankAbove });
  const rank = (above: number, below: number) =>
    ranking.mutate(
      { above, below },
      {
        onSuccess: ({ sentence, proposal }) => tell(sentence, proposal?.id),
        onError: failed(() => rank(above, below)),
      },
    );
  return { note, setNote, claim, claiming: claiming.isPending, rank };
}
