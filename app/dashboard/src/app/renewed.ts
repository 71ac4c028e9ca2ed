import { Store } from "@/shared/ui/store";

const AGAIN_AFTER_MS = 60_000;
const TOLD = "watchfloor.renewed";
const DIALOGS = "[role=dialog], [role=alertdialog]";
// Beside a field that grows with its text stands a hidden one, to be measured.
const EDITORS = "textarea:not([aria-hidden=true]), [contenteditable=true]";
const FIELDS = "input[type=text], input[type=password], input[type=email], input[type=number], input:not([type])";

/** Whether a new version waits until what is being written here is kept. */
export const renewed = new Store(false);

const textOf = (editor: Element) =>
  editor instanceof HTMLTextAreaElement || editor instanceof HTMLInputElement ? editor.value : editor.textContent;

/** Whether loading the page anew would take something away from somebody. */
function isWriting(): boolean {
  const { activeElement } = document;
  return (
    document.querySelector(DIALOGS) !== null ||
    [...document.querySelectorAll(EDITORS)].some((each) => each === activeElement || textOf(each) !== "") ||
    (activeElement?.matches(FIELDS) === true && textOf(activeElement) !== "")
  );
}

/** A server that is away has no page to give either: then this one stays, and says so. */
const answers = () =>
  fetch("/health/live").then(
    ({ ok }) => ok,
    () => false,
  );

async function renew() {
  if (!(await answers())) return;
  if (isWriting()) {
    renewed.set(true);
    return;
  }
  const before = Number(sessionStorage.getItem(TOLD) ?? 0);
  if (Date.now() - before < AGAIN_AFTER_MS) return;
  sessionStorage.setItem(TOLD, String(Date.now()));
  location.reload();
}

/**
 * A page that was open while the dashboard was built anew asks for parts that are no more: it is loaded again, or says
 * so where somebody is writing. Not over and over: the new build may lack them, too.
 */
export function loadAgainWhenRenewed() {
  addEventListener("vite:preloadError", (event) => {
    event.preventDefault(); // so that it is no error; the part is tried again (shared/ui/arriving.ts)
    void renew();
  });
}
