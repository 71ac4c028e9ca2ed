import { Page } from "@/shared/ui/page";

export function WatchPage() {
  return <Page title="Watch">{null}</Page>;
}
