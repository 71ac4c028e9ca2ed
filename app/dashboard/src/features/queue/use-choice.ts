import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useStore } from "@/shared/ui/store";
import { choiceOf, choiceOfView, searchOf, withFilter, type Choice, type Filter } from "./choice";
import type { SavedView } from "./queries";
import type { QueueSearch } from "./search";
import { usualColumns } from "./settings";

const route = getRouteApi("/signed-in/");

/** What the address asks for, and how to ask for something else. Everything that is chosen stands in it. */
export function useChoice() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useStore(usualColumns);
  const { task, view, ...shown } = search;
  const text = JSON.stringify(shown);
  const choice = useMemo(() => choiceOf(JSON.parse(text) as QueueSearch, columns), [text, columns]);

  const go = (next: QueueSearch, replace: boolean) => void navigate({ search: next, replace, resetScroll: false });
  const beside = { ...(view ? { view } : {}), ...(task ? { task } : {}) };
  const change = (changes: Partial<Choice>, { replace = false, closing = true } = {}) => {
    const next = { ...choice, ...changes };
    const withColumns = search.columns !== undefined || next.columns !== choice.columns;
    if (changes.columns) usualColumns.set(changes.columns);
    const kept = closing ? { ...(view ? { view } : {}) } : beside;
    go({ ...searchOf(next, withColumns), ...kept }, replace);
  };
  return {
    choice,
    view,
    task,
    /** Other filters may leave the open task behind, and so close it; another look does not. */
    setFilter: (filter: Filter, options: { replace?: boolean } = {}) => {
      // Order and grouping follow the status, unless somebody chose them.
      change(withFilter(choice, filter, search), options);
    },
    setLook: (look: Partial<Pick<Choice, "sort" | "group" | "columns">>) =>
      change(look, { closing: false, replace: true }),
    apply: (saved: SavedView | null) =>
      go(saved ? { ...searchOf(choiceOfView(saved), true), view: saved.id } : {}, false),
    /** The choice as it is belongs to this saved view from now on. */
    adopt: (id: number) => go({ ...shown, ...(task ? { task } : {}), view: id }, true),
    open: (id: number | undefined, replace: boolean) =>
      go({ ...shown, ...(view ? { view } : {}), ...(id ? { task: id } : {}) }, replace),
  };
}
