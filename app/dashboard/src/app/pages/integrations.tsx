import { Page } from "@/shared/ui/page";

export function IntegrationsPage() {
  return <Page title="Integrations">{null}</Page>;
}

export function IntegrationPage() {
  return <Page title="Integration">{null}</Page>;
}
