import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, bodyOf, prove, type Schema } from "./client";
import { queryClient } from "./query-client";

export type Me = Schema<"MeOut">;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async () => {
    const me = await bodyOf(api.GET("/api/v1/auth/me"));
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
