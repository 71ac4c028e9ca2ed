import { commands, type Command } from "./commands";
import { isMac } from "./platform";
import { singleKeys } from "./setting";

/** So long a first key waits for a second. */
const SEQUENCE_MS = 1_000;
/** What a held key may repeat: moving, and nothing that changes something. */
const REPEATED = new Set(["j", "k", "shift+j", "shift+k", "arrowup", "arrowdown", "shift+arrowup", "shift+arrowdown"]);
/** What a field does by itself with what is written in it. */
const EDITING = new Set(["mod+z", "mod+shift+z", "mod+a", "mod+c", "mod+v", "mod+x", "mod+y"]);

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** One press as `commands` spell it; null for a modifier alone. */
export function spelled(event: Press, mac = isMac): string | null {
  if (["Control", "Shift", "Alt", "Meta", "AltGraph"].includes(event.key)) return null;
  const sign = event.key.length === 1 && event.key.toLowerCase() === event.key.toUpperCase();
  // Signs are reached in different ways on different keyboards: "#" by AltGr, which is Ctrl+Alt to some systems.
  const reached = sign && event.altKey;
  const mod = mac ? event.metaKey : event.ctrlKey && !reached;
  // A foreign modifier makes another key of it, so that Ctrl+E on a Mac completes nothing.
  const other = mac ? event.ctrlKey && "ctrl" : event.metaKey && "meta";
  const parts = [mod && "mod", other, event.altKey && !sign && "alt", event.shiftKey && !sign && "shift"];
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
/** In a menu, letters lead to what begins with them. */
const choosing = (target: EventTarget | null) => target instanceof Element && target.closest("[role=menu]") !== null;
const inDialog = () => document.querySelector("[role=dialog][aria-modal=true], dialog[open]") !== null;

const elsewhere = (target: EventTarget | null) => writing(target) || choosing(target) || inDialog();

/** Listens for keys everywhere. Returns how to stop. */
export function listenForKeys(): () => void {
  let typed = "";
  let at = 0;
  const onKey = (event: KeyboardEvent) => {
    const press = spelled(event);
    if (press === null || event.isComposing || event.defaultPrevented) return;
    const modified = /^(mod|ctrl|meta)\+/.test(press);
    if (modified ? writing(event.target) && EDITING.has(press) : !singleKeys.get() || elsewhere(event.target)) return;
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
