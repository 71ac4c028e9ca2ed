import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useOnce } from "@/shared/api/use-once";
import { absolute } from "@/shared/time/words";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ShownOnce } from "@/shared/ui/shown-once";
import { addUser, passwordLink, ROLES, type Role, type User } from "./queries";
import { ReachNote } from "./reach-note";

/** Makes an account, and the link by which its owner sets a password: nobody else ever knows it. */
export function AddUser({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const linking = useOnce({ mutationFn: (user: User, key) => passwordLink(user, key) });
  const adding = useOnce({ mutationFn: addUser, onSuccess: (user) => linking.mutate(user) });
  const made = adding.data;

  return (
    <Dialog onClose={onClose} title="Add somebody">
      {made && linking.data ? (
        <Stack gap="sm">
          <Text size="sm">
            Send this link to <strong dir="auto">{seen(made.email)}</strong>. It works once, until{" "}
            {absolute(linking.data.expires_at)}.
          </Text>
          <ReachNote link={linking.data.link} />
          <ShownOnce title="The link is shown this once" secret={linking.data.link} onDone={onClose} />
        </Stack>
      ) : made ? (
        <Stack gap="md">
          <Text size="sm" role="status">
            The account of <strong dir="auto">{seen(made.email)}</strong> is made.{" "}
            {linking.error ? "What is missing is the link by which they set a password." : "Its link is being made…"}
          </Text>
          {linking.error && <ProblemPanel error={linking.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Later, from their menu
            </Button>
            <Button loading={linking.isPending} onClick={() => linking.mutate(made)}>
              Make the link
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            adding.mutate({ email: email.trim(), name: name.trim(), role });
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
            {adding.error && <ProblemPanel error={adding.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={adding.isPending}>
                Add, and make a link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
