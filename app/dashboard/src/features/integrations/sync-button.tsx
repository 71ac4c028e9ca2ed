import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { Integration } from "@/shared/api/integrations";
import { useMay } from "@/shared/api/session";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useSync } from "./commands";

/** Pulls it now. Offered where it is pulled at all, and is not being pulled. */
export function SyncButton({ integration }: { integration: Integration }) {
  const may = useMay();
  const { sync, isPending, error } = useSync(integration.id);
  const possible = integration.live && !integration.paused && integration.state !== "needs_reconnect";
  if (!possible || !may("sync:run")) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh aria-hidden size={15} />}
        loading={isPending}
        disabled={integration.run !== null}
        aria-label={`Sync now: ${seen(integration.name)}`}
        onClick={sync}
      >
        Sync now
      </Button>
      {error && <ProblemPanel error={error} onRetry={sync} />}
    </>
  );
}
