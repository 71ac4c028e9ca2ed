import { api, bodyOf } from "@/shared/api/client";
import { duplicatesChanged, peopleChanged, type Duplicate, type Person, type Suggestion } from "./queries";

const of = (person: Person) => ({ path: { person_id: person.id } });
const once = (key: string) => ({ header: { "Idempotency-Key": key } });

const patch = (person: Person, body: { name: string } | { is_us: boolean }) =>
  bodyOf(api.PATCH("/api/v1/people/{person_id}", { params: of(person), body }));

export async function editPerson(person: Person, body: { name: string } | { is_us: boolean }) {
  const edited = await patch(person, body);
  await peopleChanged();
  return edited;
}

/** `going` becomes part of `stays`. Returns the one who stays, as they are now. */
export async function joinPeople(going: Person, stays: Person, key: string) {
  const params = { ...of(going), ...once(key) };
  const joined = await bodyOf(api.POST("/api/v1/people/{person_id}/merge", { params, body: { into: stays.id } }));
  await peopleChanged();
  return joined;
}

const separate = (person: Person, address: string, key: string) => {
  const params = { ...of(person), ...once(key) };
  return bodyOf(api.POST("/api/v1/people/{person_id}/separate", { params, body: { address } }));
};

export async function takeOut(person: Person, address: string, key: string) {
  const apart = await separate(person, address, key);
  await peopleChanged();
  return apart;
}

/** Only one address can be taken out again just as it was. */
export const canTakeBack = (gone: Person) => gone.identities.length === 1;

const undismiss = (a: number, b: number) =>
  api.DELETE("/api/v1/people/suggestions/dismiss", { params: { query: { a, b } } });

/**
 * As before the two were joined: that somebody took a click back says nothing about them, so they are proposed again.
 * Returns who they are now.
 */
export async function takeJoinBack(
  { gone, stays, now }: { gone: Person; stays: Person; now: Person },
  key: string,
): Promise<{ a: Person; b: Person }> {
  const address = gone.identities[0]?.address ?? gone.address;
  const { person: a, separated: b } = await separate(now, address, key);
  for (const [before, after] of [
    [stays, a],
    [gone, b],
  ] as const) {
    if (before.is_us !== after.is_us) await patch(after, { is_us: before.is_us });
    if (before.name && before.name !== after.name) await patch(after, { name: before.name });
  }
  await undismiss(a.id, b.id);
  await peopleChanged();
  return { a, b };
}

export async function notOne({ a, b }: Suggestion, key: string) {
  const body = { a: a.id, b: b.id };
  await api.POST("/api/v1/people/suggestions/dismiss", { params: once(key), body });
  await peopleChanged();
}

export async function proposeAgain(a: number, b: number) {
  await undismiss(a, b);
  await peopleChanged();
}

const both = ({ task, other }: Duplicate) => ({ path: { task_id: task.id, other_id: other.id } });

export async function notOneTask(pair: Duplicate, key: string) {
  const params = { ...both(pair), ...once(key) };
  await api.POST("/api/v1/tasks/{task_id}/related/{other_id}/dismiss", { params });
  await duplicatesChanged();
}

export async function proposeTasksAgain(pair: Duplicate) {
  await api.DELETE("/api/v1/tasks/{task_id}/related/{other_id}/dismiss", { params: both(pair) });
  await duplicatesChanged();
}
