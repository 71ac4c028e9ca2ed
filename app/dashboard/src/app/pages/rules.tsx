import { Rules } from "@/features/rules/rules";
import { Page } from "@/shared/ui/page";

export function RulesPage() {
  return (
    <Page
      title="Rules"
      about="What stands first is decided by rules that anyone can read. They give points for what is known of a task; the points add up."
    >
      <Rules />
    </Page>
  );
}
