// Imports go on while pages come and go: they stand outside React, and are carried out one after the other.

import { tasksChanged } from "@/shared/acting/cache";
import { newKey } from "@/shared/api/client";
import { asApiError, type ApiError } from "@/shared/api/errors";
import { queryClient } from "@/shared/api/query-client";
import { isOver, type Run } from "@/shared/runs/queries";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { say } from "@/shared/ui/say";
import { Store } from "@/shared/ui/store";
import type { Corrections, Preview } from "./columns";
import { mayHoldTables } from "./may-hold-tables";
import { importFile, previewFile, runNow, type Options } from "./requests";

export type Stage =
  | { at: "waiting" }
  | { at: "looking"; part: number }
  | { at: "asking"; preview: Preview }
  | { at: "sending"; part: number }
  | { at: "running"; run: Run | null }
  | { at: "over"; run: Run }
  | { at: "refused"; error: ApiError };

export type Import = { id: number; name: string; size: number | null; onlyMe: boolean; stage: Stage };

/** All that were begun on this page and not dismissed, the oldest first. */
export const imports = new Store<readonly Import[]>([]);

/** What only the work itself needs to know of an import. `said`: undefined until its columns were looked at. */
type Work = {
  file: File;
  options: Options;
  key: string;
  stopping: AbortController;
  said?: Corrections | null;
  answer?: (said: Corrections | null) => void;
};

const FAST_MS = 250;
const SLOW_MS = 1_000;
const FAST_LOOKS = 10;
const UNDER_WAY = "watchfloor.imports";

const works = new Map<number, Work>();
const waiting: number[] = [];
let busy = false;
let last = 0;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function become(id: number, stage: Stage) {
  imports.set(imports.get().map((each) => (each.id === id ? { ...each, stage } : each)));
}

/** Takes files to be imported, and begins with them. */
export function take(files: Iterable<File>, options: Options) {
  for (const file of files) {
    last += 1;
    works.set(last, { file, options, key: newKey(), stopping: new AbortController() });
    waiting.push(last);
    const taken = { id: last, name: file.name, size: file.size, onlyMe: options.onlyMe };
    imports.set([...imports.get(), { ...taken, stage: { at: "waiting" } }]);
  }
  void carryOut();
}

async function carryOut() {
  if (busy) return;
  busy = true;
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const work = works.get(id);
    if (work) await bring(id, work);
  }
  busy = false;
}

async function bring(id: number, work: Work) {
  try {
    // A retry keeps what was said.
    if (work.said === undefined) work.said = await lookAt(id, work);
    become(id, { at: "sending", part: 0 });
    const { run } = await importFile(work.file, work.options, work.said, work.key, {
      onProgress: (part) => become(id, { at: "sending", part }),
      signal: work.stopping.signal,
    });
    await follow(id, run);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") dismiss(id);
    else become(id, { at: "refused", error: asApiError(error) });
  }
}

/** How the file's tables are to be read: null where it holds none. Raises AbortError where it is not to be imported. */
async function lookAt(id: number, work: Work): Promise<Corrections | null> {
  const { file, options, stopping } = work;
  if (!(await mayHoldTables(file))) return null;
  become(id, { at: "looking", part: 0 });
  const watched = { onProgress: (part: number) => become(id, { at: "looking", part }), signal: stopping.signal };
  const preview = await previewFile(file, options, null, watched);
  if (preview.tables.length === 0) return null;
  become(id, { at: "asking", preview });
  return new Promise((resolve, reject) => {
    stopping.signal.addEventListener("abort", () => reject(new DOMException("Not imported.", "AbortError")));
    work.answer = resolve;
  });
}

async function follow(id: number, begun: Run) {
  keepInMind(begun.id, true);
  let run = begun;
  for (let looks = 0; !isOver(run); looks += 1) {
    become(id, { at: "running", run });
    await pause(looks < FAST_LOOKS ? FAST_MS : SLOW_MS);
    run = await runNow(run.id);
  }
  keepInMind(run.id, false);
  become(id, { at: "over", run });
  works.delete(id);
  say(`${run.what}: ${run.state === "succeeded" ? several(run.tasks.new, "new task") : "not all could be imported"}.`);
  for (const key of ["integrations", "runs", "sample"]) void queryClient.invalidateQueries({ queryKey: [key] });
  // Whoever brings something in waits for it: their lists may move.
  void tasksChanged();
}

/** What a person says of the columns; then it goes on. */
export function answerColumns(id: number, said: Corrections) {
  works.get(id)?.answer?.(said);
}

/** How a file would be read, with what was said so far. */
export function previewAgain(id: number, said: Corrections, signal: AbortSignal): Promise<Preview> {
  const work = works.get(id);
  if (!work) throw new DOMException("Not imported.", "AbortError");
  return previewFile(work.file, work.options, said, { signal });
}

export function retry(id: number) {
  become(id, { at: "waiting" });
  waiting.push(id);
  void carryOut();
}

/** Stops what was not sent yet. */
export function stop(id: number) {
  works.get(id)?.stopping.abort();
  const place = waiting.indexOf(id);
  if (place >= 0) waiting.splice(place, 1);
  const name = imports.get().find((each) => each.id === id)?.name;
  dismiss(id);
  if (name) say(`${seen(name)} was not imported.`);
}

export function dismiss(id: number) {
  works.delete(id);
  imports.set(imports.get().filter((each) => each.id !== id));
}

/** Whether leaving the page would lose something. */
export const losesByLeaving = () =>
  imports.get().some(({ stage }) => ["waiting", "looking", "asking", "sending"].includes(stage.at));

function inMind(): number[] {
  try {
    const held: unknown = JSON.parse(sessionStorage.getItem(UNDER_WAY) ?? "[]");
    return Array.isArray(held) ? held.filter((each) => typeof each === "number") : [];
  } catch {
    return []; // a browser may refuse to remember anything
  }
}

/** The server goes on with an import whatever becomes of the page: after a reload it is shown again. */
function keepInMind(run: number, going: boolean) {
  const others = inMind().filter((each) => each !== run);
  try {
    sessionStorage.setItem(UNDER_WAY, JSON.stringify(going ? [...others, run] : others));
  } catch {
    // Not remembered: after a reload it is found among the runs.
  }
}

/** After a reload of the page: goes on showing what is under way. */
export async function resume() {
  if (last > 0) return;
  await Promise.all(
    inMind().map(async (id) => {
      const run = await runNow(id).catch(() => null);
      keepInMind(id, false);
      if (!run || isOver(run)) return;
      last += 1;
      const shown: Import = { id: last, name: run.what, size: null, onlyMe: false, stage: { at: "running", run } };
      imports.set([...imports.get(), shown]);
      await follow(shown.id, run).catch((error: unknown) =>
        become(shown.id, { at: "refused", error: asApiError(error) }),
      );
    }),
  );
}
