import { remembered } from "@/shared/ui/remembered";
import type { Density } from "./metrics";
import { STANDARD_COLUMNS, type Column } from "./vocabulary";

/** How close the rows stand: of the reader's eyes and screen, and so not in the address. */
export const density = remembered<Density>("watchfloor.density", "comfortable");

/** The columns that were chosen last: for addresses that name none. */
export const usualColumns = remembered<readonly Column[]>("watchfloor.columns", STANDARD_COLUMNS);
