import { ActionIcon, Checkbox, Menu, Stack, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Schema } from "@/shared/api/client";
import { meQuery } from "@/shared/api/session";
import { absolute } from "@/shared/time/words";
import { Confirm } from "@/shared/ui/confirm";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { ShownOnce } from "@/shared/ui/shown-once";
import {
  editUser,
  passwordLink,
  removeUser,
  resetFactor,
  ROLES,
  signOutEverywhere,
  type Role,
  type User,
} from "./queries";
import { ReachNote } from "./reach-note";

type Asked =
  { what: "role"; role: Role } | { what: "disable" | "enable" | "remove" | "factor" | "sessions" | "link" } | null;

/** What an admin can do about somebody else; about oneself there is the account. */
export function UserMenu({ user }: { user: User }) {
  const { data: me } = useQuery(meQuery);
  const [asked, ask] = useState<Asked>(null);
  const [link, setLink] = useState<Schema<"PasswordLink"> | null>(null);
  const target = useRef<HTMLButtonElement>(null);
  // The item of the menu that had the focus is gone.
  const back = () =>
    setTimeout(() => {
      const isAsked = document.querySelector("[role=dialog]") !== null;
      if (!isAsked && document.activeElement === document.body) target.current?.focus();
    });
  const close = () => {
    ask(null);
    setLink(null);
    back();
  };
  if (me?.user?.id === user.id)
    return (
      <Text size="xs" c="dimmed">
        you
      </Text>
    );
  const name = seen(user.name || user.email);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon ref={target} variant="subtle" color="gray" aria-label={`What can be done about ${name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(ROLES) as Role[])
            .filter((role) => role !== user.role)
            .map((role) => (
              <Menu.Item key={role} onClick={() => ask({ what: "role", role })}>
                Make {role}
              </Menu.Item>
            ))}
          <Menu.Item onClick={() => ask({ what: "link" })}>Link to set a password</Menu.Item>
          <Menu.Item onClick={() => ask({ what: "sessions" })}>Sign out everywhere</Menu.Item>
          {user.totp && <Menu.Item onClick={() => ask({ what: "factor" })}>Take the second factor away</Menu.Item>}
          <Menu.Item onClick={() => ask({ what: user.disabled ? "enable" : "disable" })}>
            {user.disabled ? "Let in again" : "Disable"}
          </Menu.Item>
          <Menu.Item color="red" onClick={() => ask({ what: "remove" })}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked?.what === "link" && (
        <Confirm
          title="A link to set a password"
          act="Make the link"
          danger={false}
          onDo={async (key) => setLink(await passwordLink(user, key))}
          onClose={() => {
            ask(null);
            back();
          }}
        >
          Whoever opens it sets a new password for {seen(user.email)}, once. An earlier link stops working.
        </Confirm>
      )}
      {link && <PasswordLink link={link} onClose={close} />}
      {asked?.what === "remove" && <Remove user={user} name={name} onClose={close} />}
      {asked && asked.what !== "link" && asked.what !== "remove" && (
        <Asking user={user} name={name} asked={asked} onClose={close} />
      )}
    </>
  );
}

type Simple =
  Exclude<NonNullable<Asked>, { what: "link" | "remove" }> | { what: "disable" | "enable" | "factor" | "sessions" };

function Asking({
  user,
  name,
  asked,
  onClose,
}: {
  user: User;
  name: string;
  asked: NonNullable<Asked>;
  onClose: () => void;
}) {
  const { title, about, act, run } = questionOf(user, name, asked);
  return (
    <Confirm
      title={title}
      act={act}
      danger={asked.what !== "enable" && asked.what !== "role"}
      onDo={run}
      onClose={onClose}
    >
      {about}
    </Confirm>
  );
}

function questionOf(
  user: User,
  name: string,
  asked: Simple,
): { title: string; about: string; act: string; run: () => Promise<unknown> } {
  switch (asked.what) {
    case "role":
      return {
        title: `Make ${name} ${asked.role}?`,
        about: `Who is ${asked.role} ${ROLES[asked.role]}. They have to sign in again.`,
        act: `Make ${asked.role}`,
        run: () => editUser(user, { role: asked.role }),
      };
    case "disable":
      return {
        title: `Disable ${name}?`,
        about: "They can't sign in, and their sessions and keys end at once. You can let them in again.",
        act: "Disable",
        run: () => editUser(user, { disabled: true }),
      };
    case "enable":
      return {
        title: `Let ${name} in again?`,
        about: "They may sign in as before.",
        act: "Let in",
        run: () => editUser(user, { disabled: false }),
      };
    case "factor":
      return {
        title: `Take the second factor of ${name} away?`,
        about:
          "No code is asked for any more, until they set one up again. Do this where phone and recovery codes are lost.",
        act: "Take away",
        run: () => resetFactor(user),
      };
    default:
      return {
        title: `Sign ${name} out everywhere?`,
        about: "All their sessions end. Their keys stay good.",
        act: "Sign out",
        run: () => signOutEverywhere(user),
      };
  }
}

function Remove({ user, name, onClose }: { user: User; name: string; onClose: () => void }) {
  const [revokeKeys, setRevokeKeys] = useState(true);
  return (
    <Confirm title={`Remove ${name}?`} act="Remove" onDo={() => removeUser(user, revokeKeys)} onClose={onClose}>
      <Stack gap="sm">
        Their account, sessions and own keys go. Their integrations stay, and are nobody&apos;s. What they did stays in
        the audit trail.
        <Checkbox
          label="Also end the keys that they made for nobody"
          checked={revokeKeys}
          onChange={(event) => setRevokeKeys(event.currentTarget.checked)}
        />
      </Stack>
    </Confirm>
  );
}

function PasswordLink({ link, onClose }: { link: Schema<"PasswordLink">; onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="A link to set a password">
      <Stack gap="sm">
        <Text size="sm">It works once, until {absolute(link.expires_at)}.</Text>
        <ReachNote link={link.link} />
        <ShownOnce title="The link is shown this once" secret={link.link} onDone={onClose} />
      </Stack>
    </Dialog>
  );
}
