import { api, bodyOf, type Schema } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { filterOf, sameChoice, type Choice } from "./choice";
import type { SavedView } from "./queries";

export type Changes = Partial<Omit<Schema<"ViewPatch">, "filter">> & { filter?: Choice["filter"] };

/** Whether the view says all of it already. */
export function says(view: SavedView, { filter, ...others }: Changes): boolean {
  const look = { sort: view.sort, group: view.group_by, columns: [] };
  const isSame =
    !filter || sameChoice({ ...look, filter: filterOf(filter) }, { ...look, filter: filterOf(view.filter) });
  const entries = Object.entries(others) as [keyof typeof others, unknown][];
  return isSame && entries.every(([name, value]) => JSON.stringify(view[name]) === JSON.stringify(value));
}

/**
 * Changes a view of this version. Raises what the server refuses: 412 where somebody else changed it since.
 *
 * A change carries no key, so that one whose answer was lost is refused when it is sent again: by then it is done.
 */
export async function saveView(id: number, version: number, changes: Changes): Promise<SavedView> {
  const path = { view_id: id };
  const params = { path, header: { "If-Match": `"${version}"` } };
  try {
    return await bodyOf(api.PATCH("/api/v1/views/{view_id}", { params, body: changes as Schema<"ViewPatch"> }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 412) throw error;
    const now = await bodyOf(api.GET("/api/v1/views/{view_id}", { params: { path } }));
    if (says(now, changes)) return now;
    throw error;
  }
}
