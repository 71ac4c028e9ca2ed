import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SavedView } from "./queries";
import { saveView } from "./view-save";

/** The view at the server, which somebody may change, and whether its answers get lost. */
let view: SavedView;
let lost = 0;
let sent: (string | null)[] = [];

beforeEach(() => {
  view = {
    id: 4,
    version: 1,
    name: "Ours",
    shared: true,
    filter: { band: ["now"] },
    columns: [],
  } as unknown as SavedView;
  [lost, sent] = [0, []];
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "GET") return Response.json(view);
    sent.push(request.headers.get("If-Match"));
    if (sent.at(-1) !== `"${view.version}"`) return Response.json({ title: "Changed" }, { status: 412 });
    view = { ...view, ...((await request.json()) as Partial<SavedView>), version: view.version + 1 };
    if (lost-- > 0) throw new TypeError("lost");
    return Response.json(view);
  });
});
afterEach(() => vi.unstubAllGlobals());

it("says which version it was decided on", async () => {
  await expect(saveView(4, 1, { name: "Today" })).resolves.toMatchObject({ name: "Today", version: 2 });
  expect(sent).toEqual(['"1"']);
});

it("does not go over what somebody else changed", async () => {
  view = { ...view, version: 2, filter: { ...view.filter, band: ["next"] } };
  await expect(saveView(4, 1, { filter: { band: ["later"] } })).rejects.toMatchObject({ status: 412 });
  expect(view.filter.band).toEqual(["next"]);
});

it("is done where its answer was lost and it is sent again", async () => {
  lost = 1;
  await expect(saveView(4, 1, { filter: { band: ["later"], status: ["open"] } })).rejects.toMatchObject({ status: 0 });
  await expect(saveView(4, 1, { filter: { band: ["later"], status: ["open"] } })).resolves.toMatchObject({
    version: 2,
  });
});
