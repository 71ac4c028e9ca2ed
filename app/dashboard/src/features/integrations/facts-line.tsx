import type { Integration } from "@/shared/api/integrations";
import { useNow } from "@/shared/time/now";
import { absolute } from "@/shared/time/words";
import { several } from "@/shared/ui/numbers";
import classes from "./integrations.module.css";
import { knownWords, nextWords } from "./standing";

/** How much is here, how old it is, when it is looked at next. */
export function FactsLine({ integration, asked }: { integration: Integration; asked: number }) {
  const now = useNow();
  const next = integration.live && !integration.paused ? nextWords(integration.next_sync_at, now) : null;
  const since = integration.last_success_at;
  return (
    <p className={classes.facts}>
      <span>{several(integration.items, "item")}</span>
      <span title={since ? `Last success: ${absolute(since)}` : undefined}>{knownWords(integration, asked, now)}</span>
      {next && <span title={integration.next_sync_at ? absolute(integration.next_sync_at) : undefined}>{next}</span>}
    </p>
  );
}
