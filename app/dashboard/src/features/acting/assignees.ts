export type Assignee = { user: string | null; label: string; detail?: string };

type Known = {
  me: string | null;
  users: readonly { email: string; name: string; disabled: boolean }[];
  /** Who has tasks already; `none` is nobody. */
  used: readonly string[];
  /** What was written. */
  text: string;
  /** Who has it now. */
  taken: string | null;
};

const MOST = 30;

/** To whom it may be given, the likeliest first: me, whom others gave tasks, users, and whatever name was written. */
export function assignees({ me, users, used, text, taken }: Known): Assignee[] {
  const names = new Map(users.map(({ email, name }) => [email, name]));
  const active = users.filter(({ disabled }) => !disabled).map(({ email }) => email);
  const people = [...new Set([...(me ? [me] : []), ...used.filter((each) => each !== "none"), ...active])];
  const wanted = text.trim().toLowerCase();
  const fits = (user: string) =>
    `${user} ${names.get(user) ?? ""} ${user === me ? "me" : ""}`.toLowerCase().includes(wanted);
  const known = people.filter((user) => user !== taken && fits(user)).slice(0, MOST);
  const named = wanted && !people.some((user) => user.toLowerCase() === wanted);
  return [
    ...known.map((user) => describe(user, names.get(user), user === me)),
    ...(named ? [{ user: text.trim(), label: `«${text.trim()}»`, detail: "A new name" }] : []),
    ...(!wanted || "nobody".startsWith(wanted) ? [{ user: null, label: "Nobody" }] : []),
  ];
}

function describe(user: string, name: string | undefined, mine: boolean): Assignee {
  if (mine) return { user, label: name ? `Me: ${name}` : "Me", detail: user };
  return name ? { user, label: name, detail: user } : { user, label: user };
}
