import { expect, it } from "vitest";
import { addressed, reactionsIn } from "./people";

const person = (name: string, address = "") => ({ name, address });

it("names two whom it is addressed to, and counts the others", () => {
  const to = [person("Ana", "ana@example.com"), person("", "ben@example.com")];
  expect(addressed({ to, cc: [person("Cy"), person("Di")], place: null })).toEqual({
    short: "Ana, ben@example.com and 2 more",
    all: "Ana <ana@example.com>, ben@example.com, Cy, Di",
  });
});

it("leaves out to whom in a channel, and where nobody is named", () => {
  expect(addressed({ to: [person("Ana")], cc: [], place: "#ops" })).toBeNull();
  expect(addressed({ to: [person("")], cc: [], place: null })).toBeNull();
});

it("reads reactions from labels, and no other label", () => {
  expect(reactionsIn([":eyes: 2", ":custom_one: 1", "Inbox", ":broken:"])).toEqual([
    { name: "eyes", sign: "👀", times: 2 },
    { name: "custom one", sign: ":custom_one:", times: 1 },
  ]);
});
