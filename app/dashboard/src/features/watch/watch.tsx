import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "@/shared/api/session";
import { Empty } from "@/shared/ui/empty";
import { Page } from "@/shared/ui/page";
import { PageTabs } from "@/shared/ui/page-tabs";
import { NowTab } from "./now/now-tab";
import { RunsTab } from "./runs/runs-tab";
import { TrendsTab } from "./trends/trends-tab";

type Part = { title: string; needs: string; show: () => ReactNode };

const PARTS: Record<string, Part> = {
  now: { title: "Now", needs: "status:read", show: () => <NowTab /> },
  trends: { title: "Trends", needs: "tasks:read", show: () => <TrendsTab /> },
  runs: { title: "Runs", needs: "runs:read", show: () => <RunsTab /> },
};

const FIRST = "now";

/** Whether to believe what the queue says: how each part stands, how it went, what was pulled and imported. */
export function Watch({ tab = FIRST }: { tab?: string | undefined }) {
  const may = useMay();
  const part = PARTS[tab];
  return (
    <Page title="Watch" about="Whether to believe the queue: how each part stands, and how it went.">
      <PageTabs label="Parts of the watch">
        {Object.entries(PARTS)
          .filter(([, { needs }]) => may(needs))
          .map(([name, { title }]) => (
            <Link
              key={name}
              to="/watch/{-$tab}"
              params={{ tab: name === FIRST ? undefined : name }}
              activeOptions={{ exact: true }}
            >
              {title}
            </Link>
          ))}
      </PageTabs>
      {part && may(part.needs) ? part.show() : <NotHere known={part !== undefined} />}
    </Page>
  );
}

function NotHere({ known }: { known: boolean }) {
  if (!known) return <Empty title="The watch has no such part" />;
  return <Empty title="This is not for your role">An admin can give you another role.</Empty>;
}
