import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";

export type Person = Schema<"PersonOut">;
export type Suggestion = Schema<"SuggestionOut">;
export type Duplicate = Schema<"DuplicateOut">;

const PAGE = 50;
const FOUND = 8;
const PAIRS = 20;
/** A page of pairs may be empty and still go on; so many are asked for at once. */
const PAGES_AT_ONCE = 5;

export const PEOPLE = ["people"] as const;
export const DUPLICATES = ["tasks", "duplicates"] as const;

export const peopleQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...PEOPLE, "list", q],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return bodyOf(api.GET("/api/v1/people", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

/** The first few whose name or address holds the words. */
export const findPeopleQuery = (q: string) =>
  queryOptions({
    queryKey: [...PEOPLE, "found", q],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/people", { params: { query: { q, limit: FOUND } }, signal })),
  });

type PageOf<Item> = { items: Item[]; next_cursor: string | null };

async function untilSome<Item>(cursor: string, ask: (cursor: string) => Promise<PageOf<Item>>): Promise<PageOf<Item>> {
  let page = await ask(cursor);
  for (let asked = 1; page.items.length === 0 && page.next_cursor && asked < PAGES_AT_ONCE; asked += 1)
    page = await ask(page.next_cursor);
  return page;
}

const pairsQuery = <Item>(
  key: readonly string[],
  ask: (cursor: string, signal: AbortSignal) => Promise<PageOf<Item>>,
) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => untilSome(pageParam, (cursor) => ask(cursor, signal)),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

const paging = (cursor: string) => ({ limit: PAIRS, ...(cursor ? { cursor } : {}) });

export const suggestionsQuery = pairsQuery<Suggestion>([...PEOPLE, "suggestions"], (cursor, signal) =>
  bodyOf(api.GET("/api/v1/people/suggestions", { params: { query: paging(cursor) }, signal })),
);

export const duplicatesQuery = pairsQuery<Duplicate>(DUPLICATES, (cursor, signal) =>
  bodyOf(api.GET("/api/v1/tasks/duplicates", { params: { query: paging(cursor) }, signal })),
);

export const peopleChanged = () => queryClient.invalidateQueries({ queryKey: PEOPLE });
export const duplicatesChanged = () => queryClient.invalidateQueries({ queryKey: DUPLICATES });
