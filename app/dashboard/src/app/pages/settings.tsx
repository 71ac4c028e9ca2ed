import { Page } from "@/shared/ui/page";

export function SettingsPage() {
  return <Page title="Settings">{null}</Page>;
}
