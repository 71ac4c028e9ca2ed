import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Target } from "@/shared/acting/asked";
import { carryOut } from "@/shared/acting/bulk";
import { useMay, useMyName } from "@/shared/api/session";
import { seen } from "@/shared/ui/outside";
import { Picker, type Choice } from "@/shared/ui/picker";
import { ActDialog, close, only } from "./act-dialog";
import { assignees, type Assignee } from "./assignees";
import { usedQuery, usersQuery } from "./queries";
import { TryOut } from "./try-out";

const ID = "to:";

/** Asks whose it is to be: oneself first, people that are known here, any other name, or nobody. */
export function AssignDialog({ target }: { target: Target }) {
  const [text, setText] = useState("");
  const me = useMyName();
  const may = useMay();
  const used = useQuery(usedQuery);
  const users = useQuery({ ...usersQuery, enabled: may("users:manage") });
  const people = assignees({
    me,
    users: users.data?.items ?? [],
    used: (used.data?.assignee.values ?? []).map(({ value }) => value),
    text,
    taken: only(target)?.assignee ?? null,
  });
  return (
    <ActDialog title="Assign" target={target}>
      <Picker
        label="To whom"
        placeholder="Find or write a name or an address"
        text={text}
        onText={setText}
        choices={people.map(asChoice)}
        onChoose={(choice) => {
          close();
          void carryOut(target, { verb: "assign", user: choice.id.startsWith(ID) ? choice.id.slice(ID.length) : null });
        }}
      />
      <TryOut target={target} action={{ verb: "assign", user: me }} />
    </ActDialog>
  );
}

const asChoice = ({ user, label, detail }: Assignee): Choice => ({
  id: user === null ? "nobody" : ID + user,
  label: seen(label),
  detail,
});
