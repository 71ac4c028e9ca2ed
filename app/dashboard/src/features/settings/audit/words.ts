import type { operations } from "@/shared/api/schema";

type Deed = keyof operations | "store_shipped" | `job ${string}`;

/** What people would say was done. What it was done to stands beside it, where the entry names it. */
const DEEDS: Partial<Record<Deed, string>> = {
  accept_proposal: "Took a proposal",
  activate_ruleset: "Put the rules in force",
  assign_task: "Assigned",
  bulk_tasks: "Changed many tasks at once",
  cancel_run: "Cancelled",
  cancel_write: "Cancelled",
  change_password: "Changed their password",
  claim_task: "Claimed the next task",
  clear_sample: "Cleared the sample data",
  complete_task: "Completed",
  confirm_totp: "Switched on their second factor",
  connect_integration: "Began to connect an account",
  create_integration: "Added an integration",
  create_key: "Made a key",
  create_password_link: "Made a link to set a password",
  create_task: "Added a task",
  create_user: "Added somebody to the team",
  create_view: "Saved a view",
  decline_task: "Declined",
  delete_integration: "Deleted",
  delete_task: "Deleted",
  delete_view: "Deleted",
  dismiss_people_suggestion: "Said that two people are not one",
  dismiss_related_task: "Said that another task does not belong to it",
  edit_integration: "Changed the settings",
  edit_key: "Changed",
  edit_me: "Changed their own account",
  edit_person: "Changed",
  edit_task: "Changed",
  edit_user: "Changed",
  edit_view: "Changed",
  end_other_sessions: "Ended their other sessions",
  end_session: "Ended",
  import_file: "Sent a file to be imported",
  load_sample: "Loaded the sample data",
  login: "Signed in",
  logout: "Signed out",
  make_task_of_item: "Made a task of an item",
  merge_person: "Joined two people",
  merge_task: "Merged two tasks",
  put_calendar: "Saved the calendar",
  put_named_calendar: "Saved",
  rank_task_above: "Ranked by hand",
  rank_task_above_other: "Ranked by hand",
  reject_proposal: "Turned down a proposal",
  remove_user: "Removed",
  reopen_task: "Reopened",
  replay_unreadable: "Read again what could not be read",
  reset_password: "Set the password",
  reset_totp: "Switched off the second factor",
  retry_write: "Tried again",
  retry_writes: "Tried again all that was refused",
  revert_proposal: "Took back a proposal",
  revoke_key: "Revoked",
  revoke_sessions: "Signed out everywhere",
  roll_back_ruleset: "Went back to earlier rules",
  rotate_key: "Renewed",
  save_ruleset: "Saved the rules",
  separate_person: "Separated",
  set_password_by_link: "Set their password by a link",
  sign_in_by_link: "Signed in by a link",
  snooze_task: "Snoozed",
  split_task: "Split",
  switch_off_totp: "Switched off their second factor",
  sync_due: "Pulled what was due",
  sync_integration: "Pulled",
  take_back_dismissal_of_people_suggestion: "Took back that two people are not one",
  take_back_dismissal_of_related_task: "Took back that another task does not belong to it",
  take_composio_webhook: "Told by Composio that something is new",
  undo: "Undid something",
  store_shipped: "Stored the rules that the program comes with",
  "job do_first": "Loaded the sample data",
  "job import_next": "Imported",
  "job pull_due": "Pulled what was due",
  "job keep_scores": "Scored anew what was due",
  "job send_writes": "Told sources what became of tasks",
  "job follow_links": "Followed a link that was to connect an account",
  "job give_back": "Gave access back",
  "job tidy": "Tidied up",
};

/** A deed in words; of a command in the terminal, or of anything that is new, its own name. */
export const deedOf = (action: string) =>
  (DEEDS as Record<string, string | undefined>)[action] ?? action.replaceAll("_", " ");

const SETTINGS: Record<string, string> = { user: "team", session: "account", key: "keys" };

/** What something was done to, as «task:12»: in words, and the page that shows it. */
export function targetOf(target: string): { words: string; address: string | null } {
  const at = target.indexOf(":");
  if (at < 0) return { words: target, address: null };
  const [kind, name] = [target.slice(0, at), target.slice(at + 1)];
  const words = `${kind === "user" ? "account" : kind} ${name}`;
  const isId = /^\d+$/.test(name);
  if (isId && (kind === "task" || kind === "integration")) return { words, address: `/${kind}s/${name}` };
  if (kind === "run") return { words, address: "/watch/runs" };
  if (kind === "ruleset") return { words, address: "/rules/history" };
  if (kind === "calendar") return { words, address: "/rules/calendars" };
  if (kind === "person") return { words, address: "/people" };
  const tab = SETTINGS[kind];
  return { words, address: tab ? `/settings/${tab}` : null };
}
