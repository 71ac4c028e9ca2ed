import { commands, type Command } from "./commands";
import { singleKeys } from "./setting";

/** So long a first key waits for a second. */
const SEQUENCE_MS = 1_000;
/** What a held key may repeat: moving, and nothing that changes something. */
const REPEATED = new Set(["j", "k", "shift+j", "shift+k"]);

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** One press as `commands` spell it; null for a modifier alone. */
export function spelled(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string | null {
  if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return null;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  const parts = [mod && "mod", event.altKey && "alt", event.shiftKey && (letter || event.key.length > 1) && "shift"];
  return [...parts.filter(Boolean), event.key === " " ? "space" : event.key.toLowerCase()].join("+");
}

/** The command for what was typed; whether something longer may still come of it. */
export function found(offered: readonly Command[], typed: string): { command: Command | undefined; waiting: boolean } {
  return {
    command: offered.findLast((each) => each.keys === typed),
    waiting: offered.some((each) => each.keys?.startsWith(`${typed} `)),
  };
}

const writing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])") !== null;
const inDialog = () => document.querySelector("[role=dialog][aria-modal=true], dialog[open]") !== null;

/** Listens for keys everywhere. Returns how to stop. */
export function listenForKeys(): () => void {
  let typed = "";
  let at = 0;
  const onKey = (event: KeyboardEvent) => {
    const press = spelled(event);
    if (press === null || event.isComposing || event.defaultPrevented) return;
    const modified = press.startsWith("mod+");
    if (!modified && (writing(event.target) || inDialog() || !singleKeys.get())) return;
    if (event.repeat && !REPEATED.has(press)) return;
    typed = typed && event.timeStamp - at < SEQUENCE_MS ? `${typed} ${press}` : press;
    at = event.timeStamp;
    let { command, waiting } = found(commands.get(), typed);
    if (!command && !waiting && typed !== press) {
      typed = press;
      ({ command, waiting } = found(commands.get(), typed));
    }
    if (!waiting) typed = "";
    if (!command && !waiting) return;
    event.preventDefault();
    command?.run();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
