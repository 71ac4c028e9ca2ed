import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { JoinDialog } from "./join-dialog";
import { nameOf } from "./names";
import type { Person } from "./queries";
import { RenameDialog } from "./rename-dialog";
import { TakeOutDialog } from "./take-out-dialog";

/** What can be said about one person. */
export function PersonMenu({ person }: { person: Person }) {
  const may = useMay();
  const [asked, ask] = useState<"rename" | "join" | "out" | null>(null);
  const close = () => ask(null);
  if (!may("tasks:write")) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`What can be said about ${nameOf(person)}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => ask("rename")}>Name…</Menu.Item>
          <Menu.Item onClick={() => ask("join")}>The same as somebody else…</Menu.Item>
          {person.identities.length > 1 && <Menu.Item onClick={() => ask("out")}>Take an address out…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {asked === "rename" && <RenameDialog person={person} onClose={close} />}
      {asked === "join" && <JoinDialog person={person} onClose={close} />}
      {asked === "out" && <TakeOutDialog person={person} onClose={close} />}
    </>
  );
}
