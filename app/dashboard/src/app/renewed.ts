const AGAIN_AFTER_MS = 60_000;
const TOLD = "watchfloor.renewed";

/**
 * A page that was open while the dashboard was built anew asks for parts that are no more: it is loaded again.
 * Not over and over: where the new build can't be had either, that is shown.
 */
export function loadAgainWhenRenewed() {
  addEventListener("vite:preloadError", () => {
    const before = Number(sessionStorage.getItem(TOLD) ?? 0);
    if (Date.now() - before < AGAIN_AFTER_MS) return;
    sessionStorage.setItem(TOLD, String(Date.now()));
    location.reload();
  });
}
