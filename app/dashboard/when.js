// Times in words that keep themselves up to date, with the exact time in the viewer's zone as their title.
import { h } from "./dom.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const exact = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});
const short = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "numeric", minute: "2-digit" });

/** @param {string | Date} at */
export const absolute = (at) => exact.format(new Date(at));

const day = (/** @type {string} */ timeZone) => new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone });
const clock = (/** @type {string} */ timeZone) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short", timeZone });

/** A due time as it is in some zone; the end of a day is that day. @param {string} at @param {string} zone */
export function inZone(at, zone) {
  const time = clock(zone).format(new Date(at));
  return day(zone).format(new Date(at)) + (time.startsWith("23:59") ? "" : `, ${time}`);
}

/** @param {Date} at */
export const weekdayTime = (at) => short.format(at).replace(",", "");

/** A length of time, rounded down. @param {number} ms */
export function span(ms) {
  if (ms < MINUTE) return "under a minute";
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  if (ms < 60 * DAY) return `${Math.floor(ms / DAY)} days`;
  if (ms < 730 * DAY) return `${Math.floor(ms / (30.44 * DAY))} months`;
  return `${Math.floor(ms / (365.25 * DAY))} years`;
}

/** @type {Record<string, (left: number) => string>} what to say, given the milliseconds until then */
const PHRASES = {
  due: (left) => (left >= 0 ? `Due in ${span(left)}` : `Overdue by ${span(-left)}`),
  ours: (left) => `Our turn for ${span(-left)}`,
  theirs: (left) => `Their turn for ${span(-left)}`,
  asleep: (left) => (left >= 0 ? `Back in ${span(left)}` : "Back any moment"),
  changes: (left) => (left >= 0 ? `in ${span(left)}` : "now"),
  began: (left) => (-left < MINUTE ? "Began just now" : `Began ${span(-left)} ago`),
  ago: (left) => (-left < MINUTE ? "just now" : `${span(-left)} ago`),
};

/** @param {HTMLElement} node */
function tell(node) {
  const left = Date.parse(/** @type {string} */ (node.getAttribute("datetime"))) - Date.now();
  const words = PHRASES[node.dataset.phrase ?? "ago"](left);
  if (node.textContent !== words) node.textContent = words;
  if (node.dataset.phrase === "due") node.dataset.urgency = left < 0 ? "overdue" : left < DAY ? "soon" : "far";
}

/** @param {string} at @param {string} phrase one of PHRASES */
export function when(at, phrase) {
  const node = h("time", { datetime: at, title: absolute(at), "data-phrase": phrase });
  tell(node);
  return node;
}

/** Tomorrow at nine, where the viewer is. */
export function tomorrowAtNine() {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(9, 0, 0, 0);
  return at;
}

setInterval(() => document.querySelectorAll("time[data-phrase]").forEach((node) => tell(/** @type {HTMLElement} */ (node))), 15_000);
