import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, bodyOf, prove, type Schema } from "./client";
import { queryClient } from "./query-client";

export type Me = Schema<"MeOut">;

const who = ({ user, name }: Me) => user?.id ?? name;

/** All that this page holds is of somebody else. What was asked of it meanwhile gets no answer: the page is going. */
function startOver(): Promise<never> {
  location.reload();
  return new Promise(() => undefined);
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me> => {
    const me = await bodyOf(api.GET("/api/v1/auth/me"));
    // Somebody else signed in, in another tab: their proof must not go along with what the one before wanted done.
    const before = queryClient.getQueryData<Me>(["me"]);
    if (before && who(before) !== who(me)) return startOver();
    prove(me.csrf_token ?? "");
    return me;
  },
  staleTime: 60_000,
});

/** Asks anew who is signed in: after signing in elsewhere, or where rights may have changed. */
export const renewMe = () => queryClient.query({ ...meQuery, staleTime: 0 });

/** Whether something is worth offering; the server decides. */
export function useMay(): (permission: string) => boolean {
  const { data } = useQuery(meQuery);
  return (permission) => data?.permissions.includes(permission) ?? false;
}

/** Whose name stands on what this person takes; null until it is known. */
export function useMyName(): string | null {
  const { data } = useQuery(meQuery);
  return data ? (data.user?.email ?? data.name) : null;
}
