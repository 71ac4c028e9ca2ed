import { remembered } from "../ui/remembered";

/** Whether single letters are shortcuts: who speaks to the computer switches them off (WCAG 2.1.4). */
export const singleKeys = remembered("watchfloor.single-keys", true);
