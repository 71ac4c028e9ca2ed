import { useMay } from "@/shared/api/session";
import { Empty } from "@/shared/ui/empty";
import { Page } from "@/shared/ui/page";
import { Everybody } from "./everybody";
import { PersonPairs } from "./person-pairs";
import { TaskPairs } from "./task-pairs";

/** Who is who, and what may be one: people and tasks. */
export function People() {
  const may = useMay();
  return (
    <Page title="People" about="Who is who, and what may be one. Nothing is joined before somebody says so.">
      {may("tasks:read") ? (
        <>
          <PersonPairs />
          <TaskPairs />
          <Everybody />
        </>
      ) : (
        <Empty title="This is not for your role">An admin can give you another role.</Empty>
      )}
    </Page>
  );
}
