import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api, whenRefused, type Schema } from "./client";
import { queryClient } from "./query-client";
import { meQuery, renewMe } from "./session";

const asUser = (id: number) => ({ name: `user ${id}`, user: { id }, csrf_token: `proof of ${id}`, permissions: [] });

let signedIn = 1;
let sent: string[] = [];
const reload = vi.fn();

beforeEach(async () => {
  signedIn = 1;
  sent = [];
  reload.mockClear();
  vi.spyOn(location, "reload").mockImplementation(reload);
  whenRefused(() => undefined, renewMe);
  // A change is taken from whoever is signed in, with a proof of theirs.
  vi.stubGlobal("fetch", (request: Request) => {
    if (request.method === "GET") return Promise.resolve(Response.json(asUser(signedIn)));
    const proof = request.headers.get("X-CSRF-Token") ?? "";
    sent.push(proof);
    return Promise.resolve(Response.json({}, { status: proof === `proof of ${signedIn}` ? 200 : 401 }));
  });
  await queryClient.query(meQuery);
});
afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const change = () => api.POST("/api/v1/auth/logout");
/** What waits for the page to go is given up when the test ends. */
const givenUp = () => undefined;
const moment = () => new Promise((resolve) => setTimeout(resolve, 20));

it("proves each change by whoever is signed in", async () => {
  await change();
  expect(sent).toEqual(["proof of 1"]);
});

it("proves a change anew where the same person signed in again", async () => {
  queryClient.setQueryData<Schema<"MeOut">>(["me"], (me) => me && { ...me, name: "renamed" });
  vi.stubGlobal("fetch", (request: Request) => {
    if (request.method === "GET") return Promise.resolve(Response.json({ ...asUser(1), csrf_token: "second proof" }));
    const proof = request.headers.get("X-CSRF-Token") ?? "";
    sent.push(proof);
    return Promise.resolve(Response.json({}, { status: proof === "second proof" ? 200 : 401 }));
  });
  await change();
  expect(sent).toEqual(["proof of 1", "second proof"]);
  expect(reload).not.toHaveBeenCalled();
});

it("sends nothing of one person as another who signed in meanwhile, and begins anew", async () => {
  signedIn = 2;
  void change().catch(givenUp);
  await moment();
  expect(sent).toEqual(["proof of 1"]);
  expect(reload).toHaveBeenCalledOnce();
});

it("begins anew also where the other one is noticed before anything is done", async () => {
  signedIn = 2;
  void renewMe().catch(givenUp);
  await moment();
  expect(reload).toHaveBeenCalledOnce();
  void change().catch(givenUp);
  await moment();
  expect(sent).toEqual(["proof of 1"]);
});
