import { Button, Skeleton, Stack } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemPanel } from "./problem-panel";

type Paged<Row> = UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>;

const LINES = 6;

/** A list that comes page by page: waiting, failing, empty and with more to come. */
export function PagedList<Row>({
  query,
  empty,
  children,
}: {
  query: Paged<Row>;
  empty: ReactNode;
  children: (rows: Row[]) => ReactNode;
}) {
  if (query.isPending)
    return (
      <Stack gap="sm" aria-busy="true" role="group" aria-label="Loading">
        {Array.from({ length: LINES }, (_, line) => (
          <Skeleton key={line} height={28} />
        ))}
      </Stack>
    );
  if (!query.data) return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.items);
  return (
    <Stack gap="md">
      {rows.length > 0 ? children(rows) : empty}
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.fetchNextPage()} />}
      {query.hasNextPage && !query.error && (
        <div>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Stack>
  );
}
