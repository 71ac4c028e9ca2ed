import { Store } from "@/shared/ui/store";

/** Which of them lies over the page. */
export const opened = new Store<"palette" | "help" | null>(null);

export const openPalette = () => opened.set("palette");
export const openHelp = () => opened.set("help");
export const closeBoth = () => opened.set(null);
