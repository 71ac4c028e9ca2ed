// A ruleset's document is free-form JSON in the API's description: what is read of it is looked at first. It was
// checked when it was saved, so whatever is missing here is left out and no error.

export type CurvePoint = { at: string; points: number; say: string | null };
export type CurveText = {
  /** Along what it runs: `hours_to`, `share_of`, … */
  along: string;
  fact: string;
  points: CurvePoint[];
  then: { points: number; every: string } | null;
  every: string | null;
  calendar: string | null;
};
export type RuleText = {
  id: string;
  title: string;
  when: string | null;
  points: number | null;
  curve: CurveText | null;
  group: string | null;
  say: string;
};
export type OverrideText = { id: string; title: string; when: string | null; effect: string; say: string };
export type GroupText = { id: string; title: string; cap: number | null; floor: number | null };
export type TargetText = { id: string; title: string; within: string; calendar: string | null; when: string | null };
export type InheritText = { share: number | null; cap: number | null; atLeast: boolean; without: string[] };
export type RulesetText = {
  rules: RuleText[];
  overrides: OverrideText[];
  groups: GroupText[];
  targets: TargetText[];
  bands: { band: "now" | "next" | "later"; from: number }[];
  inherit: InheritText | null;
};

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const table = (value: unknown): Table => (isTable(value) ? value : {});
const tables = (value: unknown): Table[] => (Array.isArray(value) ? value.filter(isTable) : []);
const text = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);

const ALONG = [
  "hours_to",
  "hours_since",
  "business_hours_to",
  "business_hours_since",
  "running",
  "share_of",
  "value",
] as const;

function curveOf(value: unknown): CurveText | null {
  if (!isTable(value)) return null;
  const along = ALONG.find((each) => each in value);
  if (!along) return null;
  const then = table(value.then);
  return {
    along,
    fact: text(value[along]) ?? "",
    points: tables(value.points).map((point) => ({
      at: text(point.at) ?? "0",
      points: number(point.points) ?? 0,
      say: text(point.say),
    })),
    then: isTable(value.then) ? { points: number(then.points) ?? 0, every: text(then.every) ?? "" } : null,
    every: text(value.every),
    calendar: text(value.calendar),
  };
}

const ruleOf = (given: Table): RuleText => ({
  id: text(given.id) ?? "",
  title: text(given.title) ?? text(given.id) ?? "",
  when: text(given.when),
  points: number(given.points),
  curve: curveOf(given.curve),
  group: text(given.group),
  say: text(given.say) ?? "",
});

const BAND_NAMES: Record<string, string> = { next: "Next", later: "Later", someday: "Someday" };

function effectOf(given: Table): string {
  if (given.tier === "pinned") return "pins the task above all others";
  if (given.tier === "held") return "holds the task back behind all others";
  if (number(given.floor) !== null) return `lifts the sum to at least ${number(given.floor)}`;
  if (number(given.ceiling) !== null) return `holds the sum to at most ${number(given.ceiling)}`;
  const band = text(given.never_above);
  return band === null ? "" : `never lets it above the band ${BAND_NAMES[band] ?? band}`;
}

const overrideOf = (given: Table): OverrideText => ({
  id: text(given.id) ?? "",
  title: text(given.title) ?? text(given.id) ?? "",
  when: text(given.when),
  effect: effectOf(given),
  say: text(given.say) ?? "",
});

function inheritOf(value: unknown): InheritText | null {
  if (!isTable(value)) return null;
  const without = Array.isArray(value.without) ? value.without.filter((each) => typeof each === "string") : [];
  return { share: number(value.share), cap: number(value.cap), atLeast: value.at_least === true, without };
}

export function readDocument(document: Readonly<Record<string, unknown>>): RulesetText {
  const bands = table(document.bands);
  return {
    rules: tables(document.rules).map(ruleOf),
    overrides: tables(document.overrides).map(overrideOf),
    groups: Object.entries(table(document.groups)).map(([id, group]) => ({
      id,
      title: text(table(group).title) ?? id,
      cap: number(table(group).cap),
      floor: number(table(group).floor),
    })),
    targets: tables(document.targets).map((target) => ({
      id: text(target.id) ?? "",
      title: text(target.title) ?? text(target.id) ?? "",
      within: text(target.within) ?? "",
      calendar: text(target.calendar),
      when: text(target.when),
    })),
    bands: (["now", "next", "later"] as const).flatMap((band) => {
      const from = number(bands[band]);
      return from === null ? [] : [{ band, from }];
    }),
    inherit: inheritOf(document.inherit),
  };
}

/** Whether one of the words of a rule holds what somebody looks for. */
export function matches(rule: RuleText | OverrideText, sought: string): boolean {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const group = "group" in rule ? rule.group : null;
  const fact = "curve" in rule ? rule.curve?.fact : null;
  const all = [rule.id, rule.title, rule.when, rule.say, group, fact].join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}
