import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Choice } from "./choice";
import { linesOf } from "./lines";
import { countsQuery, queueQuery } from "./queries";
import { countOf, hasTiers } from "./sections";

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

  const { data: counts } = useQuery(countsQuery(filter));
  const apart = group === "band" && counts !== undefined && !filter.tier && hasTiers(counts);
  const { data: ofNormal } = useQuery({
    ...countsQuery({ ...filter, tier: ["normal"] }),
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
  const onEnd = useCallback(() => {
    if (byItself && !isFetchNextPageError) more();
  }, [byItself, isFetchNextPageError, more]);
  return { ...query, lines, tasks, counts, headCount, more, onEnd, byItself };
}
