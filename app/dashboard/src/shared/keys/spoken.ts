import { isMac } from "./platform";

const NAMES: Record<string, string> = { mod: isMac ? "Meta" : "Control", shift: "Shift", alt: "Alt", ctrl: "Control" };

const capital = (key: string) => (key.length > 1 ? key.charAt(0).toUpperCase() + key.slice(1) : key.toUpperCase());

/** Keys for `aria-keyshortcuts`, which knows single presses; a sequence has no name there. */
export function spokenKeys(keys: string | undefined): string | undefined {
  if (!keys || keys.includes(" ")) return undefined;
  return keys
    .split("+")
    .map((part) => NAMES[part] ?? capital(part))
    .join("+");
}
