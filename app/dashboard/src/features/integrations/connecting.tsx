import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { kindsQuery, type Integration } from "@/shared/api/integrations";
import { Store, useStore } from "@/shared/ui/store";
import { ConnectDialog } from "./connect-dialog";

const connecting = new Store<Integration | null>(null);

export const connect = (integration: Integration) => connecting.set(integration);

/** The dialog stands apart from what opened it: that goes as soon as the account is connected. */
export function Connecting() {
  const integration = useStore(connecting);
  const { data: kinds } = useQuery(kindsQuery);
  useEffect(() => () => connecting.set(null), []);
  if (!integration) return null;
  const kind = kinds?.items.find((each) => each.kind === integration.kind);
  return <ConnectDialog integration={integration} kind={kind} onClose={() => connecting.set(null)} />;
}
