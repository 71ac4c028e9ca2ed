// Building elements. Text only ever becomes text nodes, so that nothing in a mail is taken for markup.

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
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(.../** @type {(Node | string)[]} */ (children.filter(Boolean)));
  return node;
}

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** For screen readers: say a sentence once. @param {string} sentence */
export const say = (sentence) => (byId("said").textContent = sentence);

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

/** @param {number} value */
export const count = (value) => plain.format(value).replace("-", "−");

/** Points as a term of a sum: +50, −12.5. @param {number} value */
export const term = (value) => (value < 0 ? "−" : "+") + plain.format(Math.abs(value));

/** @param {number} value @param {string} one @param {string} [many] */
export const several = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;
