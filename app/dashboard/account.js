// The account menu: who is signed in, as what, and the ways out.
import { byId, h, several } from "./dom.js";
import { problem } from "./notices.js";
import * as session from "./session.js";

/** @type {Record<string, string>} */
const ROLES = { viewer: "Viewer: looks, and changes nothing", operator: "Operator: works with tasks and sources", admin: "Admin" };

/** @param {any} user */
function contents(user) {
  const said = h("p", { class: "faint", role: "status" });
  /** @param {() => Promise<string>} work says what it did */
  const attempt = async (work) => {
    try {
      said.textContent = await work();
    } catch (error) {
      said.replaceChildren(problem(error, null));
    }
  };
  const others = async () => {
    const ended = await session.endOthers();
    return ended ? `Signed out in ${several(ended, "other place")}.` : "You are signed in nowhere else.";
  };
  return [
    h("p", { class: "account-name", dir: "auto" }, user.name || user.email),
    user.name && h("p", { class: "faint", dir: "auto" }, user.email),
    h("p", { class: "faint" }, ROLES[user.role] ?? user.role),
    h("button", { type: "button", onclick: () => attempt(async () => (await session.end(), "")) }, "Sign out"),
    h("button", { type: "button", onclick: () => attempt(others) }, "Sign out everywhere else"),
    said,
  ].filter(Boolean);
}

export function start() {
  const user = session.user();
  if (!user) return; // a program's key: it has no account here
  const opener = byId("account-open");
  opener.textContent = (user.name || user.email).trim()[0]?.toUpperCase() ?? "?";
  opener.setAttribute("aria-label", `Account: ${user.email}`);
  opener.hidden = false;
  byId("account").replaceChildren(...contents(user));
  byId("account").addEventListener("toggle", (/** @type {any} */ event) => opener.setAttribute("aria-expanded", String(event.newState === "open")));
}
