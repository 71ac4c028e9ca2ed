// What the page says beside the queue: problems with a way out, and the offer to undo.
import { byId, h } from "./dom.js";

const OFFERED_MS = 10_000;

/**
 * A problem as a panel, with Retry where trying again makes sense: what is not allowed stays so.
 * @param {any} error an ApiError @param {(() => void) | null} retry
 */
export function problem(error, retry) {
  return h(
    "div",
    { class: "panel problem", role: "alert" },
    h("p", { class: "problem-title" }, error.title ?? "Something went wrong on this page"),
    h("p", { dir: "auto" }, error.message),
    error.correlationId && h("p", { class: "faint" }, "In the log as ", h("code", {}, error.correlationId)),
    retry && error.status !== 403 && h("p", {}, h("button", { type: "button", onclick: retry }, "Retry")),
  );
}

/** @type {(() => void) | null} */
let undoNow = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Undo what was done last, while that is offered. */
export const undoLast = () => undoNow?.();

function close() {
  clearTimeout(timer);
  undoNow = null;
  byId("toast").replaceChildren();
}

/** Say what happened and offer to undo it. @param {string} sentence @param {() => void} onUndo */
export function offerUndo(sentence, onUndo) {
  const toast = byId("toast");
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(close, OFFERED_MS);
  };
  // It stays as long as somebody is at it.
  Object.assign(toast, { onpointerenter: () => clearTimeout(timer), onpointerleave: start, onfocusin: () => clearTimeout(timer), onfocusout: start });
  undoNow = () => (close(), onUndo());
  toast.replaceChildren(
    h("span", { class: "toast-text", dir: "auto" }, sentence),
    h("button", { type: "button", "aria-keyshortcuts": "u", onclick: undoNow }, "Undo", h("kbd", { "aria-hidden": "true" }, "u")),
  );
  start();
}
