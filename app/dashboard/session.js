// Who is signed in here, and what they may do. Without a session the way leads to the sign-in page, and back.
import { post, prove, request, whenRefused } from "./transport.js";

/** @type {any} */
let me = null;

/** Whether it is worth offering; the server decides. @param {string} permission */
export const may = (permission) => Boolean(me?.permissions.includes(permission));

export const user = () => me?.user ?? null;

async function look() {
  me = await request("/api/v1/auth/me");
  prove(me.csrf_token ?? "");
}

/** Where one signs in, and comes back from to what stands in the address bar. */
function signIn() {
  const here = location.pathname + location.search;
  const asked = { ...(here === "/" ? {} : { next: here }), ...(me ? { ended: "1" } : {}) };
  location.assign(`/sign-in${Object.keys(asked).length ? `?${new URLSearchParams(asked)}` : ""}`);
}

/** Raises an ApiError where the server can't say who it is. */
export async function begin() {
  whenRefused(signIn, look);
  // A page that the browser kept for «back» shows what somebody saw who may be gone since.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  await look();
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-needs]"))) node.hidden = !may(node.dataset.needs ?? "");
}

export async function end() {
  await post("/api/v1/auth/logout", undefined);
  location.assign("/sign-in");
}

/** Ends all other sessions. @returns {Promise<number>} how many there were */
export async function endOthers() {
  const { revoked } = await request("/api/v1/auth/sessions", { method: "DELETE" });
  return revoked;
}
