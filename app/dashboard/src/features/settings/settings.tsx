import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "@/shared/api/session";
import { Empty } from "@/shared/ui/empty";
import { Page } from "@/shared/ui/page";
import { PageTabs } from "@/shared/ui/page-tabs";
import { AccountTab } from "./account/account";
import { AuditTab } from "./audit/audit";
import { KeysTab } from "./keys/keys";
import { TeamTab } from "./team/team";

type Part = { title: string; needs?: string; show: () => ReactNode };

const PARTS: Record<string, Part> = {
  account: { title: "Account", show: () => <AccountTab /> },
  team: { title: "Team", needs: "users:manage", show: () => <TeamTab /> },
  keys: { title: "API keys", needs: "keys:end", show: () => <KeysTab /> },
  audit: { title: "Audit", needs: "audit:read", show: () => <AuditTab /> },
};

const FIRST = "account";

/** One's own account, and what the whole team shares: people, keys of programs, the trail of what was done. */
export function Settings({ tab = FIRST }: { tab?: string | undefined }) {
  const may = useMay();
  const part = PARTS[tab];
  const offered = Object.entries(PARTS).filter(([, { needs }]) => !needs || may(needs));
  return (
    <Page title="Settings">
      <PageTabs label="Parts of the settings">
        {offered.map(([name, { title }]) => (
          <Link
            key={name}
            to="/settings/{-$tab}"
            params={{ tab: name === FIRST ? undefined : name }}
            activeOptions={{ exact: true }}
          >
            {title}
          </Link>
        ))}
      </PageTabs>
      {part && (!part.needs || may(part.needs)) ? part.show() : <NotHere known={part !== undefined} />}
    </Page>
  );
}

function NotHere({ known }: { known: boolean }) {
  if (!known) return <Empty title="The settings have no such part" />;
  return (
    <Empty title="This is not for your role">An admin can show it to you, or give you another role under Team.</Empty>
  );
}
