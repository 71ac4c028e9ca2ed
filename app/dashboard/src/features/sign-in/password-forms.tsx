import { Button, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ApiError } from "@/shared/api/errors";
import { sendLink, setPassword } from "./calls";
import { EmailInput, Form, SecretInput } from "./form";

type Handlers = { onDone: () => void; onBack: () => void; onBegin: () => void; onFailed: (error: ApiError) => void };

const Back = ({ onBack }: { onBack: () => void }) => (
  <Button variant="subtle" onClick={onBack}>
    Back
  </Button>
);

/** Asks for a link by mail. */
export function ForgotForm({ email, onEmail, ...on }: Handlers & { email: string; onEmail: (email: string) => void }) {
  const work = async () => {
    await sendLink(email.trim());
    on.onDone();
  };
  return (
    <Form
      id="forgot"
      label="Send the link"
      work={work}
      onBegin={on.onBegin}
      onFailed={on.onFailed}
      also={<Back onBack={on.onBack} />}
    >
      <Text size="sm">A link to set a new password is sent to your address.</Text>
      <EmailInput name="email" value={email} onChange={(event) => onEmail(event.currentTarget.value)} />
    </Form>
  );
}

/** Sets a new password by the link that somebody opened. */
export function ResetForm({ token, shortest, ...on }: Handlers & { token: string; shortest: number | null }) {
  const [password, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const work = async () => {
    await setPassword(token, password);
    on.onDone();
  };
  return (
    <Form
      id="reset"
      label="Set the password"
      work={work}
      onBegin={on.onBegin}
      onFailed={on.onFailed}
      also={<Back onBack={on.onBack} />}
    >
      <SecretInput
        ref={field}
        id="new-password"
        label="New password"
        name="password"
        autoComplete="new-password"
        aria-describedby="new-about"
        value={password}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {shortest !== null && (
        <Text id="new-about" size="sm" c="dimmed">
          At least {shortest} characters. A few words in a row are easy to remember and hard to guess.
        </Text>
      )}
    </Form>
  );
}
