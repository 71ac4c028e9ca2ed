import { Page } from "@/shared/ui/page";

export function PeoplePage() {
  return <Page title="People">{null}</Page>;
}
