import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey } from "./client";
import { asApiError, isUnanswered } from "./errors";

type Sent<Given> = { given: Given; key: string };

type Options<Given, Answer> = {
  /** Whatever it posts carries the key as its `Idempotency-Key`; of several requests each one of its own made of it. */
  mutationFn: (given: Given, key: string) => Promise<Answer>;
  onSuccess?: (answer: Answer, given: Given) => unknown;
  onSettled?: () => unknown;
};

/** What comes after this one sending, as long as what sent it is on the page. */
type Then<Answer> = { onSuccess?: (answer: Answer) => void; onError?: (error: Error) => void };

/**
 * A change that happens once, however often it is sent: by itself after a lost answer, or by hand.
 *
 * Whoever sends the very same again after no answer came, or the server failed, repeats it under its key: had it been
 * done, they are told what came of it. Anything else that is sent is another change, and has a key of its own.
 */
export function useOnce<Given = void, Answer = unknown>({ mutationFn, onSuccess, onSettled }: Options<Given, Answer>) {
  const open = useRef<Sent<Given> | null>(null);
  const mutation = useMutation<Answer, Error, Sent<Given>>({
    mutationFn: ({ given, key }) => mutationFn(given, key),
    onSuccess: (answer, { given }) => onSuccess?.(answer, given),
    onSettled: (_, error, { key }) => {
      const isKnown = !error || !isUnanswered(asApiError(error));
      if (isKnown && open.current?.key === key) open.current = null;
      return onSettled?.();
    },
  });
  const mutate = (given: Given, then: Then<Answer> = {}) => {
    const before = open.current;
    const isSame = before !== null && JSON.stringify(before.given) === JSON.stringify(given);
    const sent = isSame ? before : { given, key: newKey() };
    open.current = sent;
    mutation.mutate(sent, {
      onSuccess: (answer) => then.onSuccess?.(answer),
      onError: (error) => then.onError?.(error),
    });
  };
  const { data, error, isPending, isSuccess, variables, reset } = mutation;
  return { mutate, data, error, isPending, isSuccess, given: variables?.given, reset };
}
