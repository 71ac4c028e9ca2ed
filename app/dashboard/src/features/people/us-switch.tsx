import { Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMay } from "@/shared/api/session";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { editPerson } from "./acts";
import { nameOf } from "./names";
import type { Person } from "./queries";

/** Whether somebody is one of us: then all of their addresses are ours, and we are not waited for when they wrote last. */
export function UsSwitch({ person, label }: { person: Person; label?: string }) {
  const may = useMay();
  const name = nameOf(person);
  const changing = useMutation({
    mutationFn: (isUs: boolean) => editPerson(person, { is_us: isUs }),
    onSuccess: ({ is_us }) => say(is_us ? `${name} is one of us.` : `${name} is not one of us.`),
  });
  const shown = changing.isPending ? changing.variables : person.is_us;
  if (!may("tasks:write")) return shown ? "one of us" : "–";
  return (
    <>
      <Switch
        size="sm"
        checked={shown}
        label={label}
        aria-label={`${name} is one of us`}
        onChange={(event) => changing.mutate(event.currentTarget.checked)}
      />
      {changing.error && <ProblemPanel error={changing.error} />}
    </>
  );
}
