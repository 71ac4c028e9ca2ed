// The conversation behind a task: messages, lines of channels, and rows with all that stands in them.
import * as api from "./api.js";
import { h } from "./dom.js";
import { problem } from "./notices.js";
import { absolute } from "./when.js";
import { place } from "./where.js";

const LONG = 1500;
/** The reactions most often given; any other shows its name. @type {Record<string, string>} */
const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", heart: "❤️", tada: "🎉",
  pray: "🙏", rocket: "🚀", joy: "😂", clap: "👏", fire: "🔥", wave: "👋", raised_hands: "🙌", x: "❌", 100: "💯", thinking_face: "🤔", coffee: "☕",
  warning: "⚠️", bulb: "💡", question: "❓", muscle: "💪", smile: "😄", sob: "😭", point_up: "☝️", ok_hand: "👌",
};

/** @param {string} title @param {string} text */
const folded = (title, text) => text && h("details", {}, h("summary", {}, title), h("pre", { dir: "auto" }, text));

/** @param {any} person */
const called = (person) => person.name || person.address;

/** Whom it is addressed to; in a channel the channel says enough. @param {any} item */
function addressed(item) {
  const people = [...item.to, ...item.cc].map(called).filter(Boolean);
  if (item.place?.startsWith("#") || !people.length) return null;
  const rest = people.length > 2 ? ` and ${people.length - 2} more` : "";
  return h("span", { class: "faint to", dir: "auto", title: people.join(", ") }, `to ${people.slice(0, 2).join(", ")}${rest}`);
}

/** @param {any} item */
export function header(item) {
  const edited = item.edited_at && item.edited_at !== item.sent_at;
  return h(
    "header",
    {},
    h("strong", { dir: "auto", title: item.sender.address || null }, called(item.sender) || (item.work ? place(item.integration) : "somebody")),
    item.place && h("span", { class: "faint place", dir: "auto" }, `in ${item.place}`),
    addressed(item),
    h(
      "span",
      { class: "faint at" },
      item.sent_at && h("time", { datetime: item.sent_at }, absolute(item.sent_at)),
      edited && h("span", { class: "edited", title: `Last changed ${absolute(item.edited_at)}` }, item.sent_at ? ", edited" : "edited"),
    ),
  );
}

/** Reactions and pins, which come as labels: «:eyes: 2». @param {string[]} labels */
function reactions(labels) {
  const shown = labels.map((label) => {
    const found = /^:([^:\s]+): (\d+)$/.exec(label);
    if (!found) return label === "pinned" && h("li", {}, "Pinned");
    const emoji = EMOJI[found[1]];
    const names = found[1].replaceAll("_", " ");
    return h("li", { "aria-label": `${found[2]} reacted with ${names}`, title: names }, `${emoji ?? `:${found[1]}:`} ${found[2]}`);
  });
  return shown.some(Boolean) && h("ul", { class: "reactions", "aria-label": "Reactions" }, ...shown);
}

/** What a row holds besides what the task shows. @param {any} work */
function fields(work) {
  const all = [...(work.status_name ? [{ name: "Status there", value: work.status_name }] : []), ...work.fields];
  const line = (/** @type {any} */ each) => h("div", {}, h("dt", { dir: "auto" }, each.name), h("dd", { dir: "auto" }, each.value));
  return all.length > 0 && h("dl", { class: "fields", "aria-label": "The row's fields" }, ...all.map(line));
}

/** @param {any} item */
function message(item) {
  const files = item.attachments.map((/** @type {any} */ file) => file.name || file.media_type).join(", ");
  const long = item.text.length > LONG;
  return h(
    "article",
    { class: "message" },
    header(item),
    ...item.problems.map((/** @type {string} */ sentence) => h("p", { class: "warning" }, sentence)),
    item.work && fields(item.work),
    (item.text || !item.work) && h("pre", { dir: "auto", class: long && "long", tabindex: long && 0 }, item.text || "(no text)"),
    reactions(item.labels),
    files && h("p", { class: "faint" }, `Attached: ${files}`),
    folded("Signature", item.signature),
    folded("Quoted history", item.quoted),
  );
}

/** @param {any} task @param {any} page the first page of items */
export function conversation(task, page) {
  const list = h("div", {});
  const more = h("button", { type: "button" }, "Show more messages");
  /** @param {any} next */
  const add = (next) => {
    list.append(...next.items.map(message));
    more.hidden = !next.has_more;
    more.onclick = () => api.items(task.id, next.next_cursor).then(add, (error) => more.before(problem(error, null)));
  };
  add(page);
  const empty = page.items.length === 0 && h("p", { class: "faint" }, "Written here by hand: there is no conversation behind it.");
  return h("section", { class: "conversation", "aria-label": "Conversation" }, h("h4", {}, "Conversation"), empty, list, more);
}
