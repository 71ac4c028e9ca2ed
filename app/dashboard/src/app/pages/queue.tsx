import { Page } from "@/shared/ui/page";

export function QueuePage() {
  return <Page title="Queue">{null}</Page>;
}
