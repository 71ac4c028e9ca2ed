import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { absolute } from "@/shared/time/words";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ShownOnce } from "@/shared/ui/shown-once";
import { addUser, passwordLink, ROLES, type Role } from "./queries";

async function invite(email: string, name: string, role: Role) {
  const user = await addUser({ email, name, role });
  return { user, ...(await passwordLink(user)) };
}

/** Makes an account, and the link by which its owner sets a password: nobody else ever knows it. */
export function AddUser({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const inviting = useMutation({ mutationFn: () => invite(email.trim(), name.trim(), role), retry: false });

  return (
    <Dialog onClose={onClose} title="Add somebody" centered>
      {inviting.data ? (
        <Stack gap="sm">
          <Text size="sm">
            Send this link to <strong dir="auto">{seen(inviting.data.user.email)}</strong>. It works once, until{" "}
            {absolute(inviting.data.expires_at)}.
          </Text>
          <ShownOnce title="The link is shown this once" secret={inviting.data.link} onDone={onClose} />
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            inviting.mutate();
          }}
        >
          <Stack gap="md">
            <TextInput
              label="E-mail"
              type="email"
              maxLength={320}
              required
              data-autofocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <TextInput
              label="Name"
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Radio.Group label="Role" value={role} onChange={(value) => setRole(value)}>
              <Stack gap="xs" mt="xs">
                {(Object.keys(ROLES) as Role[]).map((each) => (
                  <Radio key={each} value={each} label={each} description={ROLES[each]} />
                ))}
              </Stack>
            </Radio.Group>
            {inviting.error && <ProblemPanel error={inviting.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={inviting.isPending}>
                Add, and make a link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
