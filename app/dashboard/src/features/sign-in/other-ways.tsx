import { Anchor, Button, Code, Stack, UnstyledButton } from "@mantine/core";
import { seen } from "@/shared/ui/outside";
import type { Ways } from "./calls";
import classes from "./sign-in.module.css";

/** Beside e-mail and password: the provider, a forgotten password, and who can help. */
export function OtherWays({ ways, next, onForgot }: { ways: Ways | null; next: string; onForgot: () => void }) {
  return (
    <Stack gap="md" className={classes.others}>
      {ways?.provider && (
        <Button
          component="a"
          variant="default"
          size="md"
          href={`${ways.provider.url}?${new URLSearchParams({ next }).toString()}`}
        >
          Sign in with {seen(ways.provider.name)}
        </Button>
      )}
      {ways?.mail && (
        <UnstyledButton className={classes.link} onClick={onForgot}>
          Forgot your password?
        </UnstyledButton>
      )}
      <details id="no-way" key={String(ways?.first_link)} open={ways?.first_link ?? false}>
        <summary>No way in?</summary>
        {ways?.first_link && (
          <p>
            On this machine you need no password. In a terminal, in Watchfloor&apos;s folder,{" "}
            <Code>.venv/bin/watchfloor users link</Code> prints a link that signs in once, as the start did.
          </p>
        )}
        <p>
          An admin can give you a link to set a new password. So can whoever has a terminal on the machine:{" "}
          <Code>watchfloor users link EMAIL --reset</Code>
        </p>
      </details>
    </Stack>
  );
}

/** Who is signed in here already may go on, or sign in as somebody else. */
export function Already({ email, next, focused }: { email: string; next: string; focused: boolean }) {
  return (
    <p className={classes.note}>
      You are signed in as <strong dir="auto">{seen(email)}</strong>.{" "}
      <Anchor href={next} ref={focused ? (link) => link?.focus() : undefined}>
        Go on
      </Anchor>
    </p>
  );
}
