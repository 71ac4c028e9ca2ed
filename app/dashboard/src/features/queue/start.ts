import { queryClient } from "@/shared/api/query-client";
import { choiceOf } from "./choice";
import { queueQuery } from "./queries";
import { queueSearch } from "./search";

/** Asks for the list that an address shows before anything is drawn: what is drawn then finds it on its way. */
export function startList(search: Record<string, unknown>) {
  // Whatever goes wrong is told where the list is shown.
  queryClient.infiniteQuery(queueQuery(choiceOf(queueSearch(search)))).catch(() => undefined);
}
