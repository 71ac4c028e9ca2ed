import { lazy, Suspense } from "react";
import { arriving } from "@/shared/ui/arriving";
import { Empty } from "@/shared/ui/empty";
import { rulesRoute } from "./chosen";
import { RankingAgain } from "./ranking-again";
import { RulesTab } from "./read/rules-tab";
import { RowSkeletons } from "./row-skeletons";
import { isTab, Tabs, type Tab } from "./tabs";

const PARTS = {
  rules: RulesTab,
  edit: lazy(async () => ({ default: (await arriving(() => import("./edit/edit-tab"))).EditTab })),
  preview: lazy(async () => ({ default: (await arriving(() => import("./preview/preview-tab"))).PreviewTab })),
  history: lazy(async () => ({ default: (await arriving(() => import("./history/history-tab"))).HistoryTab })),
  health: lazy(async () => ({ default: (await arriving(() => import("./health/health-tab"))).HealthTab })),
  proposals: lazy(async () => ({ default: (await arriving(() => import("./proposals/proposals-tab"))).ProposalsTab })),
  calendars: lazy(async () => ({ default: (await arriving(() => import("./calendars/calendars-tab"))).CalendarsTab })),
} satisfies Record<Tab, React.ComponentType>;

/** The rules: read, changed, looked at in advance, applied and taken back. */
export function Rules() {
  const { tab = "rules" } = rulesRoute.useParams();
  const Part = isTab(tab) ? PARTS[tab] : null;
  return (
    <>
      <Tabs />
      <RankingAgain />
      {Part ? (
        <Suspense fallback={<RowSkeletons />}>
          <Part />
        </Suspense>
      ) : (
        <Empty title="The rules have no such part">Choose one above.</Empty>
      )}
    </>
  );
}
