import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageTabs } from "@/shared/ui/page-tabs";
import { useStore } from "@/shared/ui/store";
import { drafts } from "./edit/drafts";
import { proposalsQuery } from "./queries";
import classes from "./tabs.module.css";

export const TABS = {
  rules: "Rules",
  edit: "Edit",
  preview: "Preview",
  history: "History",
  health: "Health",
  proposals: "Proposals",
  calendars: "Calendars",
} as const;
export type Tab = keyof typeof TABS;

export const isTab = (tab: string): tab is Tab => Object.hasOwn(TABS, tab);

/** The parts of the page, as links; which ruleset is looked at goes along. */
export function Tabs() {
  const unsaved = Object.keys(useStore(drafts)).length > 0;
  const { data } = useInfiniteQuery(proposalsQuery);
  const isProposed = data?.pages[0]?.items.some(({ state }) => state === "open") ?? false;
  const mark = { edit: unsaved && "unsaved", proposals: isProposed && "open" } as Partial<Record<Tab, string | false>>;
  return (
    <PageTabs label="Parts of the rules">
      {(Object.keys(TABS) as Tab[]).map((tab) => (
        <Link
          key={tab}
          to="/rules/{-$tab}"
          params={{ tab: tab === "rules" ? undefined : tab }}
          search={(before) => (before.ruleset ? { ruleset: before.ruleset } : {})}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {TABS[tab]}
          {mark[tab] && <span className={classes.mark}>{mark[tab]}</span>}
        </Link>
      ))}
    </PageTabs>
  );
}
