import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useMay } from "@/shared/api/session";
import { JoinDialog } from "./join-dialog";
import { nameOf } from "./names";
import type { Person } from "./queries";
import { RenameDialog } from "./rename-dialog";
import { TakeOutDialog } from "./take-out-dialog";

const FADES_MS = 250;

/** What can be said about one person. */
export function PersonMenu({ person }: { person: Person }) {
  const may = useMay();
  const [asked, ask] = useState<"rename" | "join" | "out" | null>(null);
  const target = useRef<HTMLButtonElement>(null);
  // The item of the menu that had the focus is gone; so may be the whole row.
  const close = (gone = false) => {
    const heading = target.current?.closest("section")?.querySelector("h2");
    ask(null);
    setTimeout(() => (gone ? heading : target.current)?.focus(), FADES_MS);
  };
  if (!may("tasks:write")) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            ref={target}
            variant="subtle"
            color="gray"
            size="md"
            aria-label={`What can be said about ${nameOf(person)}`}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => ask("rename")}>Name…</Menu.Item>
          <Menu.Item onClick={() => ask("join")}>The same as somebody else…</Menu.Item>
          {person.identities.length > 1 && <Menu.Item onClick={() => ask("out")}>Take an address out…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {asked === "rename" && <RenameDialog person={person} onClose={() => close()} />}
      {asked === "join" && <JoinDialog person={person} onClose={() => close()} onJoined={() => close(true)} />}
      {asked === "out" && <TakeOutDialog person={person} onClose={() => close()} />}
    </>
  );
}
