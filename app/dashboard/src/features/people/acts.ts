import { api, bodyOf, newKey } from "@/shared/api/client";
import { duplicatesChanged, peopleChanged, type Duplicate, type Person, type Suggestion } from "./queries";

const of = (person: Person) => ({ path: { person_id: person.id } });
const once = (key: string) => ({ header: { "Idempotency-Key": key } });

export async function editPerson(person: Person, body: { name: string } | { is_us: boolean }) {
  const edited = await bodyOf(api.PATCH("/api/v1/people/{person_id}", { params: of(person), body }));
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

export async function takeOut(person: Person, address: string) {
  const params = { ...of(person), ...once(newKey()) };
  const apart = await bodyOf(api.POST("/api/v1/people/{person_id}/separate", { params, body: { address } }));
  await peopleChanged();
  return apart;
}

/** Only one address can be taken out again just as it was. */
export const canTakeBack = (gone: Person) => gone.identities.length === 1;

/** As before the two were joined: that somebody took a click back says nothing about the two, so they are proposed again. */
export async function takeJoinBack(gone: Person, stays: Person, now: Person) {
  const [only] = gone.identities;
  if (!only) return;
  const { person, separated } = await takeOut(now, only.address);
  if (person.is_us !== stays.is_us) await editPerson(person, { is_us: stays.is_us });
  if (separated.is_us !== gone.is_us) await editPerson(separated, { is_us: gone.is_us });
  if (gone.name && separated.name !== gone.name) await editPerson(separated, { name: gone.name });
  if (stays.name && person.name !== stays.name) await editPerson(person, { name: stays.name });
  await proposeAgain(person.id, separated.id);
}

export async function notOne({ a, b }: Suggestion, key: string) {
  const body = { a: a.id, b: b.id };
  await api.POST("/api/v1/people/suggestions/dismiss", { params: once(key), body });
  await peopleChanged();
}

export async function proposeAgain(a: number, b: number) {
  await api.DELETE("/api/v1/people/suggestions/dismiss", { params: { query: { a, b } } });
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
