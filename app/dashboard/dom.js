// Building elements. Text only ever becomes text nodes, so that nothing in a mail is taken for markup.

// Characters that nobody sees and that turn a line around or hide words in it. Flags of regions are spelled in such ones
// too, and are shown as a plain flag.
const UNSEEN = /[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** What others wrote, as people are to see it: nothing in it that is not seen. @param {string} text */
export const seen = (text) => text.replace(UNSEEN, "");

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `on…` are listeners; null, undefined and false are left out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : seen(String(value)));
  }
  for (const child of children) if (child) node.append(typeof child === "string" ? seen(child) : child);
  return node;
}

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** For screen readers: say a sentence once. @param {string} sentence */
export const say = (sentence) => (byId("said").textContent = seen(sentence));

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

/** @param {number} value */
export const count = (value) => plain.format(value).replace("-", "−");

/** Points as a term of a sum: +50, −12.5. @param {number} value */
export const term = (value) => (value < 0 ? "−" : "+") + plain.format(Math.abs(value));

/** @param {number} value @param {string} one @param {string} [many] */
export const several = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;
