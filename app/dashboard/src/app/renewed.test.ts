import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { arriving } from "@/shared/ui/arriving";
import { loadAgainWhenRenewed, renewed } from "./renewed";

const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
loadAgainWhenRenewed();

/** A part is no more; whether the page took care of it. */
const missed = () => !dispatchEvent(new Event("vite:preloadError", { cancelable: true }));

describe("a page that was built anew", () => {
  beforeEach(() => {
    sessionStorage.clear();
    renewed.set(false);
  });
  afterEach(() => {
    document.body.innerHTML = "";
    reload.mockClear();
  });

  it("is loaded again, and not over and over", () => {
    missed();
    missed();

    expect(reload).toHaveBeenCalledOnce();
    expect(renewed.get()).toBe(false);
  });

  it.each([
    ["a note", "<textarea>half a sen</textarea>"],
    ["a text with marks", "<div contenteditable='true'>half a sen</div>"],
    ["a dialog", "<div role='dialog'><input value='a name'></div>"],
  ])("says so instead where %s would be lost", (_, html) => {
    document.body.innerHTML = html;

    expect(missed()).toBe(true);

    expect(reload).not.toHaveBeenCalled();
    expect(renewed.get()).toBe(true);
  });

  it("takes no empty field and no hidden copy of one for writing", () => {
    document.body.innerHTML = "<textarea></textarea><textarea aria-hidden='true'>copy</textarea>";

    missed();

    expect(reload).toHaveBeenCalledOnce();
  });
});

describe("a part that is fetched", () => {
  it("never arrives where it is no more, and fails where it fails", async () => {
    const waited = await Promise.race([arriving(Promise.resolve(undefined)), Promise.resolve("still waiting")]);

    expect(await arriving(Promise.resolve({ Page: 1 }))).toEqual({ Page: 1 });
    expect(waited).toBe("still waiting");
    await expect(arriving(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });
});
