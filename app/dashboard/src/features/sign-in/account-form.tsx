import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { asApiError, type ApiError } from "@/shared/api/errors";
import { seen } from "@/shared/ui/outside";
import { login } from "./calls";
import { EmailInput, Form, SecretInput } from "./form";

/** E-mail and password; then the code, where the account asks for one. */
export function AccountForm({
  email,
  onEmail,
  onSignedIn,
  onBegin,
  onFailed,
}: {
  email: string;
  onEmail: (email: string) => void;
  onSignedIn: () => Promise<void>;
  onBegin: () => void;
  onFailed: (error: ApiError) => void;
}) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const asksForCode = code !== null;

  useEffect(() => {
    if (asksForCode) codeField.current?.focus();
    else (emailField.current?.value ? passwordField : emailField).current?.focus();
  }, [asksForCode]);

  async function work() {
    try {
      await login({ email: email.trim(), password, ...(code === null ? {} : { code: code.trim() }) });
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === "code_needed") {
        setCode("");
        return;
      }
      (code === null ? passwordField : codeField).current?.select();
      throw error;
    }
    await onSignedIn();
  }

  const another = () => {
    onBegin();
    flushSync(() => {
      setCode(null);
      setPassword("");
    });
    emailField.current?.select();
  };

  return (
    <Form
      id="sign-in"
      label="Sign in"
      work={work}
      onBegin={onBegin}
      onFailed={onFailed}
      also={
        asksForCode && (
          <Button variant="subtle" onClick={another}>
            Another account
          </Button>
        )
      }
    >
      {asksForCode ? (
        <TextInput
          ref={codeField}
          label="Code"
          description={
            <>
              The account <strong dir="auto">{seen(email.trim())}</strong> asks for a code, too: the one that your
              authenticator shows now, or a recovery code.
            </>
          }
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          size="md"
          required
          withAsterisk={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      ) : (
        <>
          <EmailInput
            ref={emailField}
            name="email"
            value={email}
            onChange={(event) => onEmail(event.currentTarget.value)}
          />
          <SecretInput
            ref={passwordField}
            id="password"
            label="Password"
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </>
      )}
    </Form>
  );
}
