// The sign-in page: by password and code, by a link that is good once, by a provider; and setting a new password.
import { byId, h, say, seen } from "./dom.js";
import { problem } from "./notices.js";
import { ApiError, post, request } from "./transport.js";

const REFUSED = "That did not sign you in";
const FORMS = ["sign-in", "forgot", "reset"];
/** @type {Record<string, string>} */
const TITLES = { "sign-in": "Sign in", forgot: "Forgot your password?", reset: "Set a new password" };

const asked = new URLSearchParams(location.search);
/** What stands behind #reset= in the link that was opened last. */
let renewing = "";
/** @type {any} what may be done here, as the server says */
let ways = { password: true, mail: false, provider: null, errors: {} };

/** Where somebody wanted to go: an address of our own, else the queue. */
function next() {
  const home = new URL("/", location.origin);
  let wanted;
  try {
    wanted = new URL(asked.get("next") ?? "/", location.origin);
  } catch {
    return home.href;
  }
  return wanted.origin === home.origin && wanted.pathname !== location.pathname ? wanted.href : home.href;
}

/** What a link brought. What is secret or was said once does not stay in the address bar, nor in the history. */
function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const kept = asked.get("next");
  history.replaceState(null, "", location.pathname + (kept ? `?${new URLSearchParams({ next: kept })}` : ""));
  return { link: given.get("token") ?? "", reset: given.get("reset") ?? "" };
}

/** @param {string} sentence */
const notice = (sentence) => byId("notice").replaceChildren(h("p", { class: "panel notice", role: "status" }, sentence));

/** Show one form; its first empty field has the focus. @param {string} which one of FORMS */
function show(which) {
  for (const name of FORMS) byId(name).hidden = name !== which;
  byId("others").hidden = which !== "sign-in";
  byId("busy").textContent = "";
  byId("title").textContent = TITLES[which] ?? "Sign in";
  document.title = `${byId("title").textContent} · Watchfloor`;
  const fields = [.../** @type {NodeListOf<HTMLInputElement>} */ (byId(which).querySelectorAll("input:enabled"))];
  fields.find((field) => !field.value)?.focus();
}

/** What went wrong, as whoever signs in needs it: the log has nothing more to tell of a wrong password. @param {any} error @param {string} title of one that is refused @param {(() => void) | null} [again] */
function failed(error, title, again = null) {
  const told = { title: error.title, message: error.message, correlationId: error.status >= 500 ? error.correlationId : "" };
  if (error.status === 401) told.title = title;
  byId("notice").replaceChildren(problem(told, again));
}

const submit = (/** @type {HTMLElement} */ form) => /** @type {any} */ (form.querySelector("button.primary"));

/** Count down the seconds for which the server takes no more. @param {HTMLElement} form @param {number} seconds */
function wait(form, seconds) {
  const button = submit(form);
  const until = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Wait ${left >= 60 ? `${Math.floor(left / 60)} min ` : ""}${left % 60} s` : button.dataset.words;
    if (left > 0) return void setTimeout(tick, 250);
    byId("notice").replaceChildren();
    say("You may try again.");
  };
  tick();
}

/**
 * Send a form's words; one at a time, and with what went wrong beside it.
 * @param {string} name @param {() => Promise<void>} work
 */
function onSubmit(name, work) {
  const form = byId(name);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const button = submit(form);
    if (button.disabled) return;
    byId("notice").replaceChildren();
    button.disabled = true;
    button.textContent = "One moment";
    let waiting = 0;
    try {
      await work();
    } catch (/** @type {any} */ error) {
      waiting = error.status === 429 ? error.retryAfter || 1 : 0;
      // One number is enough: the button counts down.
      if (waiting) failed({ title: "That was tried too often", message: "The button says when you may try again." }, REFUSED);
      else failed(error, name === "reset" ? "The password is not set" : REFUSED);
    }
    button.disabled = false;
    button.textContent = button.dataset.words;
    if (waiting) wait(form, waiting);
  });
}

/** @param {boolean} on */
function askForCode(on) {
  byId("account-part").hidden = on;
  byId("code-part").hidden = byId("code-part").disabled = !on;
  byId("another").hidden = !on;
  byId("others").hidden = on;
  byId("code").value = "";
  byId("code-of").textContent = seen(byId("email").value.trim());
  byId(on ? "code" : "email").focus();
}

/** Over plain http a browser drops a cookie that needs https, and the next page would ask to sign in once more. */
async function goOn() {
  const kept = await request("/api/v1/auth/me").catch((error) => error.status !== 401);
  if (!kept) {
    const way = location.protocol === "http:" ? "It needs https: open this page by its https:// address." : "Allow cookies for this page, and sign in again.";
    throw new ApiError({ title: "Your browser did not keep the sign-in", detail: way, status: 400 });
  }
  location.assign(next());
  await new Promise(() => {}); // the page is going
}

async function signIn() {
  const code = byId("code-part").disabled ? undefined : byId("code").value.trim();
  try {
    await post("/api/v1/auth/login", { email: byId("email").value.trim(), password: byId("password").value, code });
    await goOn();
  } catch (/** @type {any} */ error) {
    if (error.code === "code_needed") return askForCode(true);
    byId(code === undefined ? "password" : "code").select();
    throw error;
  }
}

async function forgot() {
  const email = byId("forgot-email").value.trim();
  await post("/api/v1/auth/password/forgot", { email });
  show("sign-in");
  notice("If there is an account of that address, a link is on its way to it. It is good for a short time.");
}

async function reset() {
  await post("/api/v1/auth/password/reset", { token: renewing, password: byId("new-password").value });
  byId("new-password").value = "";
  byId("password").value = "";
  show("sign-in");
  notice("Your new password is set. Sign in with it.");
}

/** @param {string} token */
async function byLink(token) {
  byId("busy").textContent = "Signing you in";
  try {
    await post("/api/v1/auth/link", { token });
    await goOn();
  } catch (/** @type {any} */ error) {
    const again = error.status === 0 || error.status >= 500 ? () => byLink(token) : null; // a used link stays used
    await showWays().catch(() => undefined); // a password may still do
    show("sign-in");
    failed(error, REFUSED, again);
    await whoIsHere();
    byId("already").querySelector("a")?.focus();
  }
}

/** Who is signed in here already may go on, or sign in as somebody else. */
async function whoIsHere() {
  const me = await request("/api/v1/auth/me").catch(() => null);
  if (!me?.user) return;
  byId("already").replaceChildren("You are signed in as ", h("strong", { dir: "auto" }, me.user.email), ". ", h("a", { href: next() }, "Go on"));
  byId("already").hidden = false;
}

/** A link was opened: at the start, or in the tab that stands here, where only what is behind the # changes. */
async function opened({ link = "", reset: token = "" }) {
  if (link) return byLink(link);
  renewing = token;
  byId("new-password").value = "";
  if (token) show("reset");
}

async function showWays() {
  ways = await request("/api/v1/auth/ways");
  const { provider } = ways;
  byId("provider-line").hidden = !provider;
  if (provider) {
    byId("provider").textContent = `Sign in with ${provider.name}`;
    byId("provider").href = `${provider.url}?${new URLSearchParams({ next: asked.get("next") ?? "/" })}`;
  }
  byId("forgot-line").hidden = !ways.mail;
  byId("first-link").hidden = !ways.first_link;
  byId("no-way").open = byId("no-way").open || ways.first_link;
  byId("new-about").textContent = `At least ${ways.password_shortest} characters. A few words in a row are easy to remember and hard to guess.`;
}

function listen() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-shows]"))) {
    button.addEventListener("click", () => {
      const field = byId(button.dataset.shows ?? "");
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.textContent = shown ? "Show" : "Hide";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }
  for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => (byId("notice").replaceChildren(), show("sign-in")));
  byId("another").addEventListener("click", () => (byId("notice").replaceChildren(), askForCode(false)));
  byId("forgot-open").addEventListener("click", () => {
    byId("notice").replaceChildren();
    byId("forgot-email").value = byId("email").value;
    show("forgot");
  });
  onSubmit("sign-in", signIn);
  onSubmit("forgot", forgot);
  onSubmit("reset", reset);
  addEventListener("hashchange", () => location.hash && (byId("notice").replaceChildren(), opened(fromAddress())));
}

async function start() {
  const given = fromAddress();
  listen();
  if (given.link) return opened(given);
  byId("busy").textContent = "One moment";
  try {
    await showWays();
  } catch (error) {
    byId("notice").replaceChildren(problem(error, () => location.reload())); // a password may do all the same
  }
  show("sign-in");
  if (given.reset) return opened(given);
  if (asked.has("error")) failed({ title: REFUSED, message: ways.errors[asked.get("error") ?? ""] ?? "Try again." }, REFUSED);
  else if (asked.has("ended")) notice("You were signed out. Sign in again to go on.");
  await whoIsHere();
}

start();
