import { Alert, Button, Code, CopyButton, Group } from "@mantine/core";
import classes from "./shown-once.module.css";

/** A secret that the server shows this once, to be copied. */
export function ShownOnce({ title, secret, onDone }: { title: string; secret: string; onDone?: () => void }) {
  return (
    <Alert title={title} color="yellow" role="status">
      <Code block className={classes.secret}>
        {secret}
      </Code>
      <Group mt="sm" gap="xs">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="xs" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        {onDone && (
          <Button size="xs" variant="default" onClick={onDone}>
            I have kept it
          </Button>
        )}
      </Group>
    </Alert>
  );
}
