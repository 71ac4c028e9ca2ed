import { Badge, Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { meQuery } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { Panel } from "../panel";
import { waysQuery } from "../ways";
import { changePassword, rename } from "./queries";
import { SecondFactor } from "./second-factor";
import { Sessions } from "./sessions";

/** What concerns nobody but oneself. A program with a key has none of it. */
export function AccountTab() {
  const { data: me } = useQuery(meQuery);
  if (!me?.user) return <Text>You are signed in by a key, and keys have no account of their own.</Text>;
  const { user } = me;
  return (
    <>
      <Panel title="Who you are" about="Your name stands beside what you do.">
        <Group gap="xs" mb="sm">
          <Text dir="auto">{seen(user.email)}</Text>
          <Badge variant="light">{user.role}</Badge>
        </Group>
        <Name name={user.name} />
      </Panel>
      <Panel
        title="Password"
        about="A new one signs you out everywhere else. A few words in a row are easy to remember and hard to guess."
      >
        <Password has={user.has_password} email={user.email} />
      </Panel>
      <Panel title="Second factor" about="A code of an app on your phone, asked for after the password.">
        <SecondFactor on={user.totp} hasPassword={user.has_password} />
      </Panel>
      <Panel title="Where you are signed in" about="End whatever you don't know.">
        <Sessions />
      </Panel>
    </>
  );
}

function Name({ name }: { name: string }) {
  const [typed, setTyped] = useState(name);
  const saving = useMutation({ mutationFn: rename, onSuccess: () => say("Your name is saved.") });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(typed.trim());
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label="Name"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="name"
        />
        <Button type="submit" variant="default" loading={saving.isPending} disabled={typed.trim() === name}>
          Save
        </Button>
      </Group>
      {saving.error && <ProblemPanel error={saving.error} />}
    </form>
  );
}

function Password({ has, email }: { has: boolean; email: string }) {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const { data: ways } = useQuery(waysQuery);
  const [revokeKeys, setRevokeKeys] = useState(false);
  const changing = useOnce<Schema<"PasswordChange">, number>({
    mutationFn: changePassword,
    onSuccess: () => {
      setOld("");
      setFresh("");
      say("Your new password is set.");
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        changing.mutate({ ...(has ? { old } : {}), new: fresh, revoke_keys: revokeKeys });
      }}
    >
      <Stack gap="sm" maw="24rem">
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        {has && (
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={old}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label="New password"
          description={ways && `At least ${ways.password_shortest} characters.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
        />
        <Checkbox
          label="Also end my API keys"
          checked={revokeKeys}
          onChange={(event) => setRevokeKeys(event.currentTarget.checked)}
        />
        {changing.error && <ProblemPanel error={changing.error} />}
        {changing.data !== undefined && (
          <Text size="sm" role="status">
            Your new password is set, and all other sessions have ended.
            {changing.data > 0 && ` ${several(changing.data, "API key")} of yours are still good.`}
          </Text>
        )}
        <Group>
          <Button type="submit" variant="default" loading={changing.isPending}>
            {has ? "Change the password" : "Set a password"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
