import { placeName } from "@/shared/ui/outside";
import type { Item } from "../queries";

type Person = Item["sender"];

/** The reactions most often given; any other shows its name. */
const EMOJI: Record<string, string> = {
  "+1": "👍",
  thumbsup: "👍",
  "-1": "👎",
  eyes: "👀",
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  heart: "❤️",
  tada: "🎉",
  pray: "🙏",
  rocket: "🚀",
  joy: "😂",
  clap: "👏",
  fire: "🔥",
  wave: "👋",
  raised_hands: "🙌",
  x: "❌",
  "100": "💯",
  thinking_face: "🤔",
  coffee: "☕",
  warning: "⚠️",
  bulb: "💡",
  question: "❓",
  muscle: "💪",
  smile: "😄",
  sob: "😭",
  point_up: "☝️",
  ok_hand: "👌",
};
const NAMED = 2;

export const called = ({ name, address }: Person) => name || address;

/** Who wrote it; of a row at its source, that source. */
export const writer = (item: Item) => called(item.sender) || (item.work ? placeName(item.integration) : "Somebody");

/** To whom it is addressed; in a channel the channel says enough. `all` names each with the address. */
export function addressed({ to, cc, place }: Pick<Item, "to" | "cc" | "place">): { short: string; all: string } | null {
  const people = [...to, ...cc].filter(called);
  if (place?.startsWith("#") || people.length === 0) return null;
  const more = people.length - NAMED;
  const short = people.slice(0, NAMED).map(called).join(", ") + (more > 0 ? ` and ${more} more` : "");
  const full = ({ name, address }: Person) => (name && address ? `${name} <${address}>` : name || address);
  return { short, all: people.map(full).join(", ") };
}

export type Reaction = { name: string; sign: string; times: number };

/** Reactions come as labels: «:eyes: 2». */
export function reactionsIn(labels: readonly string[]): Reaction[] {
  return labels.flatMap((label) => {
    const found = /^:([^:\s]+): (\d+)$/.exec(label);
    const name = found?.[1];
    if (!name) return [];
    return [{ name: name.replaceAll("_", " "), sign: EMOJI[name] ?? `:${name}:`, times: Number(found[2]) }];
  });
}
