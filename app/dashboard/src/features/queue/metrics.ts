export type Density = "comfortable" | "compact";

/** Heights in pixels. They are fixed, so that any place in the list is known without measuring what stands before it. */
export const HEAD_HEIGHT = 34;

const HEIGHTS = {
  wide: { comfortable: [44, 60], compact: [34, 48] },
  narrow: { comfortable: [60, 80], compact: [52, 70] },
} as const satisfies Record<string, Record<Density, readonly [plain: number, withReasons: number]>>;

export const rowHeight = (density: Density, narrow: boolean, withReasons: boolean): number =>
  HEIGHTS[narrow ? "narrow" : "wide"][density][withReasons ? 1 : 0];

/** Below this many pixels what stands in columns stands under the title. */
export const NARROW = 860;
