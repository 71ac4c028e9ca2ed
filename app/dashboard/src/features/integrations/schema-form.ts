// A kind's settings as fields of a form: a small part of JSON Schema, the one that kinds use.

import type { ApiError } from "@/shared/api/errors";

export type Sort = "text" | "date" | "number" | "switch" | "either" | "choice" | "list" | "pairs";
export type Value = string | number | boolean | null | string[] | Record<string, string | null>;
export type Values = Record<string, Value>;

export type Field = {
  name: string;
  label: string;
  help: string;
  sort: Sort;
  /** What holds where nothing is said. */
  standard: Value;
  choices: readonly string[];
  min?: number;
  max?: number;
  longest?: number;
};

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === "string" ? value : "");

const EMPTY: Record<Sort, Value> = {
  text: "",
  date: "",
  number: 0,
  switch: false,
  either: null,
  choice: "",
  list: [],
  pairs: {},
};

/** What it is besides null, with what stands around it; whether null is possible. */
function opened(node: Node, root: Node): { node: Node; nullable: boolean } {
  const target = text(node.$ref).replace("#/$defs/", "");
  const defs = isNode(root.$defs) ? root.$defs : {};
  const plain = target && isNode(defs[target]) ? { ...defs[target], ...node } : node;
  const options = Array.isArray(plain.anyOf) ? plain.anyOf.filter(isNode) : [];
  const meant = options.find((option) => option.type !== "null");
  return { node: meant ? { ...plain, ...meant } : plain, nullable: options.some((option) => option.type === "null") };
}

function sortOf(node: Node, nullable: boolean): Sort {
  if (Array.isArray(node.enum)) return "choice";
  if (node.type === "boolean") return nullable ? "either" : "switch";
  if (node.type === "integer" || node.type === "number") return "number";
  if (node.type === "array") return "list";
  if (node.type === "object") return "pairs";
  return node.format === "date" ? "date" : "text";
}

function fieldOf(name: string, given: Node, root: Node): Field {
  const { node, nullable } = opened(given, root);
  const sort = sortOf(node, nullable);
  return {
    name,
    label: text(given.title) || name,
    help: text(given.description),
    sort,
    standard: node.default === undefined || node.default === null ? EMPTY[sort] : (node.default as Value),
    choices: Array.isArray(node.enum) ? node.enum.map(String) : [],
    ...(typeof node.minimum === "number" ? { min: node.minimum } : {}),
    ...(typeof node.maximum === "number" ? { max: node.maximum } : {}),
    ...(typeof node.maxLength === "number" ? { longest: node.maxLength } : {}),
  };
}

/** The fields of a schema, in its order. */
export function fieldsOf(schema: Node): Field[] {
  const properties = isNode(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, node]) => (isNode(node) ? [fieldOf(name, node, schema)] : []));
}

/** What the form begins with: what is set, and elsewhere what holds anyway. */
export const valuesOf = (fields: readonly Field[], settings: Record<string, unknown>): Values =>
  Object.fromEntries(fields.map(({ name, standard }) => [name, (settings[name] ?? standard) as Value]));

const same = (one: Value, other: Value) => JSON.stringify(one) === JSON.stringify(other);

/** The settings to send: only what differs from what holds anyway, so that a better standard reaches everybody. */
export const settingsOf = (fields: readonly Field[], values: Values): Record<string, Value> =>
  Object.fromEntries(
    fields.flatMap(({ name, standard }) => {
      const value = values[name];
      return value === undefined || same(value, standard) ? [] : [[name, value]];
    }),
  );

/** What the server said of each field, by its name; of lists and pairs, also of what is in them. */
export function errorsOf(error: ApiError | null, under: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { location, message } of error?.fields ?? []) {
    if (!location.startsWith(`${under}.`)) continue;
    const name = location.slice(under.length + 1).split(/[.[]/)[0] ?? "";
    found[name] ??= message.replace(/^Input should/, "should");
  }
  return found;
}

/** Pairs as lines that can be typed: `Owner = assignee`; without a meaning the column is left out. */
export const pairsText = (pairs: Record<string, string | null>) =>
  Object.entries(pairs)
    .map(([name, meaning]) => `${name} = ${meaning ?? ""}`.trimEnd())
    .join("\n");

export const pairsOf = (typed: string): Record<string, string | null> =>
  Object.fromEntries(
    typed
      .split("\n")
      .map((line) => {
        const place = line.lastIndexOf("=");
        const name = (place < 0 ? line : line.slice(0, place)).trim();
        return [name, place < 0 ? null : line.slice(place + 1).trim() || null] as const;
      })
      .filter(([name]) => name),
  );
