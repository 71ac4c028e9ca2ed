import { Page } from "@/shared/ui/page";

export function RulesPage() {
  return <Page title="Rules">{null}</Page>;
}
