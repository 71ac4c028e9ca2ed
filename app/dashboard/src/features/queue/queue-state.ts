import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Choice } from "./choice";
import { linesOf } from "./lines";
import { countsQuery, queueQuery } from "./queries";
import { rowCount } from "./row-count";
import { countOf, hasTiers, isOneList } from "./sections";
import { useRested } from "./use-rested";

const NO_LINES: ReturnType<typeof linesOf> = [];

/** The list as far as it is loaded, line by line, and how many tasks stand under each of its headings. */
export function useQueue(choice: Choice) {
  const { filter, sort, group } = choice;
  const query = useInfiniteQuery(queueQuery(choice));
  const { data, isPlaceholderData, isFetchingNextPage, isFetchNextPageError, hasNextPage, fetchNextPage } = query;
  const lines = useMemo(
    () => (data ? linesOf(data, group, sort, hasNextPage) : NO_LINES),
    [data, group, sort, hasNextPage],
  );
  const tasks = useMemo(() => lines.flatMap((line) => (line.kind === "task" ? [line.task] : [])), [lines]);

  const counted = useRested(filter, isPlaceholderData);
  const { data: counts, isPlaceholderData: areOthers } = useQuery(countsQuery(counted));
  const apart = group === "band" && counts !== undefined && !counted.tier && hasTiers(counts);
  const { data: ofNormal } = useQuery({
    ...countsQuery({ ...counted, tier: ["normal"] }),
    placeholderData: keepPreviousData,
    enabled: apart,
  });
  const headCount = useCallback(
    (key: string) => countOf(group, key, counts, apart ? ofNormal : undefined),
    [group, counts, apart, ofNormal],
  );

  // Projects are put together out of what is loaded: more of them would move what is there, so somebody has to say so.
  const byItself = group !== "project";
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isPlaceholderData) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage]);
  // While somebody types, the next letter's list would wait for what comes after the first rows of this one.
  const rests = counted === filter;
  const onEnd = useCallback(() => {
    if (byItself && rests && !isFetchNextPageError) more();
  }, [byItself, rests, isFetchNextPageError, more]);
  const rows = rowCount({
    lines,
    more: hasNextPage,
    total: rests && !areOthers && !isPlaceholderData ? counts?.total : undefined,
    headings: group === "none" ? "none" : group === "band" && isOneList(group, sort) ? "bands" : "others",
    headCount,
  });
  return { ...query, lines, tasks, counts, counted, headCount, rows, more, onEnd, byItself };
}
