import { Alert, Button, Code, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useOnce } from "@/shared/api/use-once";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ShownOnce } from "@/shared/ui/shown-once";
import { confirmCode, proposeCode, switchCodeOff } from "./queries";

/** Switching it on takes the password, the app, and one code that shows that the two agree. */
export function SecondFactor({ on, hasPassword }: { on: boolean; hasPassword: boolean }) {
  const proposing = useOnce({ mutationFn: proposeCode });
  const confirming = useOnce({ mutationFn: confirmCode });
  const ending = useOnce({ mutationFn: switchCodeOff });

  if (confirming.data)
    return (
      <Stack gap="sm">
        <Text size="sm">
          A code is asked for from now on. These recovery codes let you in once each, should the phone be lost.
        </Text>
        <ShownOnce
          title="Recovery codes: they are shown this once"
          secret={confirming.data.join("\n")}
          onDone={() => {
            confirming.reset();
            proposing.reset();
          }}
        />
      </Stack>
    );
  if (on)
    return (
      <Proof
        hasPassword={hasPassword}
        act="Switch it off"
        busy={ending.isPending}
        error={ending.error}
        onProof={ending.mutate}
      >
        <Text size="sm">It is on: whoever signs in as you needs your password and your phone.</Text>
      </Proof>
    );
  if (proposing.data) return <Enrol secret={proposing.data.secret} uri={proposing.data.uri} confirming={confirming} />;
  return (
    <Proof
      hasPassword={hasPassword}
      act="Set it up"
      busy={proposing.isPending}
      error={proposing.error}
      onProof={proposing.mutate}
    >
      <Text size="sm">It is off. Any authenticator app will do.</Text>
    </Proof>
  );
}

/** Who changes this shows the password again: the screen may stand open. */
function Proof({
  hasPassword,
  act,
  busy,
  error,
  onProof,
  children,
}: {
  hasPassword: boolean;
  act: string;
  busy: boolean;
  error: Error | null;
  onProof: (password: string) => void;
  children: ReactNode;
}) {
  const [password, setPassword] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onProof(password);
      }}
    >
      <Stack gap="sm" maw="24rem">
        {children}
        {hasPassword && (
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {error && <ProblemPanel error={error} />}
        <Group>
          <Button type="submit" variant="default" loading={busy}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Confirming = { mutate: (code: string) => void; isPending: boolean; error: Error | null };

function Enrol({ secret, uri, confirming }: { secret: string; uri: string; confirming: Confirming }) {
  const [code, setCode] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirming.mutate(code.trim());
      }}
    >
      <Stack gap="sm" maw="24rem">
        <Alert title="Add this to your authenticator app">
          <Text size="sm">
            On the phone itself, <a href={uri}>open it in the app</a>. Else type in:
          </Text>
          <Code block>{secret.replace(/(.{4})(?=.)/g, "$1 ")}</Code>
        </Alert>
        <TextInput
          label="The code that the app shows now"
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={10}
          required
          withAsterisk={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {confirming.error && <ProblemPanel error={confirming.error} />}
        <Group>
          <Button type="submit" loading={confirming.isPending}>
            Switch it on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
