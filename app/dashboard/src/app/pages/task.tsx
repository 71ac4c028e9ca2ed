import { Page } from "@/shared/ui/page";

export function TaskPage() {
  return <Page title="Task">{null}</Page>;
}
