import { Store } from "@/shared/ui/store";
import { AS_FOUND, type Options } from "./requests";

/** What the import dialog begins with; null while it is closed. */
export const importAsked = new Store<Options | null>(null);

/** Opens the dialog in which files are chosen. `into`: the name of the integration that they are for. */
export const openImport = (options: Partial<Options> = {}) => importAsked.set({ ...AS_FOUND, ...options });
