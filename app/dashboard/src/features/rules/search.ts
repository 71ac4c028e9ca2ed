/** What the address says of the rules: which ruleset, and which of its versions. */
export type RulesSearch = { ruleset?: string; version?: number };

/** Reads an address that anybody may have typed: what it can't understand it leaves out. */
export function rulesSearch(given: Record<string, unknown>): RulesSearch {
  const version = Number(given.version);
  return {
    ...(typeof given.ruleset === "string" && /^[a-z0-9][a-z0-9-]{0,63}$/.test(given.ruleset)
      ? { ruleset: given.ruleset }
      : {}),
    ...(Number.isSafeInteger(version) && version > 0 ? { version } : {}),
  };
}
