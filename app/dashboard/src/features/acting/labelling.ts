export type LabelState = "all" | "some" | "none";
/** What is to become of labels: true puts it on, false takes it off. */
export type Draft = Readonly<Record<string, boolean>>;
export type LabelChoice = { label: string; state: LabelState; isNew: boolean };

const MOST = 50;
const LONGEST = 100;

/** The labels that may be put on or taken off, those that are borne first, as they would be with the draft. */
export function labelChoices(
  tasks: readonly { labels: readonly string[] }[],
  known: readonly string[],
  draft: Draft,
  text: string,
): LabelChoice[] {
  const borne = [...new Set(tasks.flatMap(({ labels }) => labels))].sort();
  const all = [...new Set([...borne, ...Object.keys(draft), ...known])];
  const wanted = text.trim();
  const fitting = all.filter((label) => label.toLowerCase().includes(wanted.toLowerCase())).slice(0, MOST);
  const choices = fitting.map((label) => ({ label, state: draftedState(label, tasks, draft), isNew: false }));
  const isNew = wanted && wanted.length <= LONGEST && !all.some((each) => each.toLowerCase() === wanted.toLowerCase());
  return isNew ? [...choices, { label: wanted, state: "none", isNew: true }] : choices;
}

function draftedState(label: string, tasks: readonly { labels: readonly string[] }[], draft: Draft): LabelState {
  const drafted = draft[label];
  if (drafted !== undefined) return drafted ? "all" : "none";
  const bearing = tasks.filter(({ labels }) => labels.includes(label)).length;
  if (bearing === 0) return "none";
  return bearing === tasks.length ? "all" : "some";
}

/** On where it was not on all, off where it was; what was drafted before is taken out of the draft. */
export function toggled(draft: Draft, label: string, state: LabelState): Draft {
  if (draft[label] === undefined) return { ...draft, [label]: state !== "all" };
  return Object.fromEntries(Object.entries(draft).filter(([each]) => each !== label));
}

export function changesOf(draft: Draft): { add: string[]; remove: string[] } {
  const names = Object.keys(draft);
  return { add: names.filter((each) => draft[each]), remove: names.filter((each) => !draft[each]) };
}
