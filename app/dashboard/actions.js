// What a person can do with a task from here, and in which states.
import { may } from "./session.js";
import { tomorrowAtNine, weekdayTime } from "./when.js";

/**
 * @typedef {{verb: string, key: string, from: string[], label: () => string, done: string, body?: () => object}} Action
 * @type {Action[]}
 */
const ACTIONS = [
  { verb: "complete", key: "e", from: ["open", "snoozed"], label: () => "Complete", done: "Completed" },
  {
    verb: "snooze",
    key: "s",
    from: ["open"],
    label: () => `Snooze until ${weekdayTime(tomorrowAtNine())}`,
    done: "Snoozed",
    body: () => ({ until: tomorrowAtNine().toISOString() }),
  },
  { verb: "reopen", key: "r", from: ["snoozed", "done", "declined", "not_for_us"], label: () => "Reopen", done: "Reopened" },
];

/** @param {any} task @returns {Action[]} */
export const actionsFor = (task) => (may("tasks:write") ? ACTIONS : []).filter((action) => action.from.includes(task.status));
