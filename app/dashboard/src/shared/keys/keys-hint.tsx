import { Fragment } from "react";
import { isMac } from "./platform";

const SHOWN: Record<string, string> = {
  mod: isMac ? "⌘" : "Ctrl+",
  shift: "⇧",
  alt: isMac ? "⌥" : "Alt+",
  enter: "↵",
  escape: "Esc",
  arrowup: "↑",
  arrowdown: "↓",
};

/** Keys as keycaps; read aloud by `aria-keyshortcuts` of what they belong to. */
export function KeysHint({ keys }: { keys: string }) {
  const presses = keys
    .split(" ")
    .map((press) => press.split("+").map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)));
  return (
    <span aria-hidden className="keycaps">
      {presses.map((parts, index) => (
        <Fragment key={index}>
          {index > 0 && " "}
          <kbd>{parts.join("")}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
