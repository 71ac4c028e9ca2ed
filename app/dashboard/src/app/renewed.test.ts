import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { arriving } from "@/shared/ui/arriving";
import { loadAgainWhenRenewed, renewed } from "./renewed";

const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
let serverAnswers = true;
vi.stubGlobal("fetch", () => (serverAnswers ? Promise.resolve(new Response()) : Promise.reject(new TypeError())));
loadAgainWhenRenewed();

/** A part is no more; once the page has decided what to do about it, whether it took care of it. */
async function missed() {
  const cared = !dispatchEvent(new Event("vite:preloadError", { cancelable: true }));
  await new Promise((later) => setTimeout(later));
  return cared;
}

describe("a page that was built anew", () => {
  beforeEach(() => {
    sessionStorage.clear();
    renewed.set(false);
    serverAnswers = true;
  });
  afterEach(() => {
    document.body.innerHTML = "";
    reload.mockClear();
  });

  it("is loaded again, and not over and over", async () => {
    expect(await missed()).toBe(true);
    await missed();

    expect(reload).toHaveBeenCalledOnce();
    expect(renewed.get()).toBe(false);
  });

  it("stays where the server does not answer: there is nothing to load", async () => {
    serverAnswers = false;

    expect(await missed()).toBe(true);

    expect(reload).not.toHaveBeenCalled();
    expect(renewed.get()).toBe(false);
  });

  it.each([
    ["a note", "<textarea>half a sen</textarea>"],
    ["a text with marks", "<div contenteditable='true'>half a sen</div>"],
    ["a dialog", "<div role='dialog'><input value='a name'></div>"],
  ])("says so instead where %s would be lost", async (_, html) => {
    document.body.innerHTML = html;

    expect(await missed()).toBe(true);

    expect(reload).not.toHaveBeenCalled();
    expect(renewed.get()).toBe(true);
  });

  it("takes no empty field and no hidden copy of one for writing", async () => {
    document.body.innerHTML = "<textarea></textarea><textarea aria-hidden='true'>copy</textarea>";

    await missed();

    expect(reload).toHaveBeenCalledOnce();
  });
});

describe("a part that is fetched", () => {
  it("is tried again until it arrives, and fails where it is broken", async () => {
    vi.useFakeTimers();
    const fetchPart = vi.fn(() =>
      Promise.resolve<object | undefined>(fetchPart.mock.calls.length < 3 ? undefined : { Page: 1 }),
    );
    const part = arriving(fetchPart);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();

    expect(await part).toEqual({ Page: 1 });
    expect(fetchPart).toHaveBeenCalledTimes(3);
    await expect(arriving(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });
});
