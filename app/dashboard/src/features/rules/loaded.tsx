import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemPanel } from "@/shared/ui/problem-panel";

/** What a query brings, what stands there until it is here, and its problem where it can't come. */
export function Loaded<T>({
  query,
  waiting,
  children,
}: {
  query: UseQueryResult<T>;
  waiting: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  return <div aria-busy="true">{waiting}</div>;
}
