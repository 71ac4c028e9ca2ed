import type { Schema } from "@/shared/api/client";

export type Fact = Schema<"FactOut">;

/** The fields whose values name facts. */
const NAMES_FACTS =
  /(?:^|\.|\{|,)\s*(?:when|fact|hours_to|hours_since|business_hours_to|business_hours_since|running|share_of|value)\s*=\s*["'][^\n]*$/;
const IN_SENTENCE = /(?:^|\.|\{|,)\s*say\s*=\s*"[^"\n]*\{[^}"\n]*$/;

/** Whether a fact's name may stand at the end of what was written on the line: in a condition, or in a sentence's {place}. */
export const factMayFollow = (before: string) => NAMES_FACTS.test(before) || IN_SENTENCE.test(before);

export const completions = (facts: readonly Fact[]) =>
  facts.map(({ name, type, meaning, values }) => ({
    label: name,
    detail: type,
    info: values.length ? `${meaning}: ${values.join(", ")}` : meaning,
    type: "variable",
  }));

/** Facts of which the name or the meaning has all the words. */
export function soughtFacts(facts: readonly Fact[], sought: string): Fact[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  return facts.filter(({ name, meaning }) => {
    const text = `${name} ${meaning}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
