import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemPanel } from "@/shared/ui/problem-panel";

/** What was asked for: waiting, failed, there; or there from before, with the problem of asking anew above it. */
export function Asked<Data>({
  query,
  waiting = 160,
  children,
}: {
  query: UseQueryResult<Data>;
  /** How high it will be, about. */
  waiting?: number;
  children: (data: Data) => ReactNode;
}) {
  if (query.isPending)
    return (
      <div aria-busy="true" role="group" aria-label="Loading">
        <Skeleton height={waiting} />
      </div>
    );
  const problem = query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return problem;
  return (
    <Stack gap="md">
      {problem}
      {children(query.data)}
    </Stack>
  );
}
