import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";

export type Entry = Schema<"AuditEntryOut">;
export type Wanted = { q: string; actor: string; action: string; target: string };

export const NOTHING: Wanted = { q: "", actor: "", action: "", target: "" };

export const auditQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["audit", "list", wanted],
    queryFn: ({ pageParam, signal }) => {
      const given = Object.fromEntries(
        Object.entries({ ...wanted, cursor: pageParam }).filter(([, value]) => value !== ""),
      );
      return bodyOf(api.GET("/api/v1/audit", { params: { query: { limit: 50, ...given } }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

/** Works through the whole chain: it may take a while where it is long. */
export const verifyTrail = () => bodyOf(api.GET("/api/v1/audit/verify"));
