import { Button, Group, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { useState, type ComponentProps, type ReactNode } from "react";
import type { ApiError } from "@/shared/api/errors";
import classes from "./sign-in.module.css";
import { useSending } from "./use-sending";

/** A form of this page: its fields, its one button that sends it, and what else one may do. */
export function Form({
  id,
  label,
  children,
  also,
  work,
  onBegin,
  onFailed,
}: {
  id: string;
  label: string;
  children: ReactNode;
  also?: ReactNode;
  work: () => Promise<void>;
  onBegin: () => void;
  onFailed: (error: ApiError) => void;
}) {
  const sending = useSending(work, onFailed, onBegin);
  return (
    <form
      id={id}
      method="post"
      aria-labelledby="title"
      onSubmit={(event) => {
        event.preventDefault();
        onBegin();
        void sending.send();
      }}
    >
      <Stack gap="md">
        {children}
        <Button type="submit" size="md" fullWidth disabled={sending.disabled}>
          {sending.label ?? label}
        </Button>
        {also}
      </Stack>
    </form>
  );
}

/** An e-mail address, as browsers fill it in. */
export function EmailInput(props: ComponentProps<typeof TextInput>) {
  return (
    <TextInput
      label="E-mail"
      type="email"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={320}
      size="md"
      required
      withAsterisk={false}
      {...props}
    />
  );
}

/** A password that can be looked at while it is typed. */
export function SecretInput({ label, ...props }: Omit<ComponentProps<typeof TextInput>, "label"> & { label: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Group justify="space-between" className={classes.labelLine}>
        <label htmlFor={props.id}>{label}</label>
        <UnstyledButton className={classes.link} aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide" : "Show"}
        </UnstyledButton>
      </Group>
      <TextInput type={shown ? "text" : "password"} maxLength={1000} size="md" required {...props} />
    </div>
  );
}
