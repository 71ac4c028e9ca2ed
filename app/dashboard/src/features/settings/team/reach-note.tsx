import { Code, Text } from "@mantine/core";
import { opensHereOnly } from "./reach";

/** A link that its reader can't open is told as such before it is sent. */
export function ReachNote({ link }: { link: string }) {
  if (!opensHereOnly(link)) return null;
  return (
    <Text size="sm" role="note">
      <strong>It opens on this machine only.</strong> For others, set <Code>PUBLIC_URL</Code> in <Code>.env</Code> to
      the address under which they reach this server, start it again, and make a new link from their menu.
    </Text>
  );
}
