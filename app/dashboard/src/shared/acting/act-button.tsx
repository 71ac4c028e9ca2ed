import { Button, type ButtonProps } from "@mantine/core";
import type { ReactNode } from "react";
import { KeysHint } from "../keys/keys-hint";
import { spokenKeys } from "../keys/spoken";

type ActButtonProps = ButtonProps & {
  label: string;
  /** As `Command.keys`: shown beside the label, and told to assistive technology. */
  keys?: string;
  icon?: ReactNode;
  onClick: () => void;
};

/** A button for something that has keys too: it shows them where it stands. */
export function ActButton({ label, keys, icon, size = "xs", variant = "default", ...rest }: ActButtonProps) {
  return (
    <Button
      {...rest}
      size={size}
      variant={variant}
      leftSection={icon}
      rightSection={keys && <KeysHint keys={keys} />}
      aria-keyshortcuts={spokenKeys(keys)}
    >
      {label}
    </Button>
  );
}
