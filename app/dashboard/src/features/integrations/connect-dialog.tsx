import { Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Integration, Kind } from "@/shared/api/integrations";
import { useOnce } from "@/shared/api/use-once";
import { Moment } from "@/shared/time/moment";
import { Dialog } from "@/shared/ui/dialog";
import { seen, webAddress } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { askForLink } from "./commands";
import { connectionQuery, renewIntegrations, type Connection } from "./queries";
import { useGiven } from "./use-given";

/** The link, as long as it can be followed. */
function Link({ url, expires, service }: { url: string; expires: string | null; service: string }) {
  const address = webAddress(url);
  if (!address) return <Text size="sm">The link that came back is no web address. Ask for another one.</Text>;
  return (
    <>
      <Group gap="xs">
        <Button
          component="a"
          href={address}
          target="_blank"
          rel="noreferrer"
          rightSection={<IconExternalLink aria-hidden size={16} />}
          data-autofocus
        >
          Give access to {service}
        </Button>
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy the link"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed">
        It opens in a new tab. Is it somebody else's account, send the link to them, and to nobody else: whoever has it
        can connect an account of theirs.
        {expires && (
          <>
            {" "}
            It ends <Moment at={expires} phrase="changes" />.
          </>
        )}
      </Text>
      <Text size="sm" role="status">
        Waiting until access is given…
      </Text>
    </>
  );
}

function Ended({ connection }: { connection: Connection }) {
  if (connection.state !== "expired" && connection.state !== "failed") return null;
  return (
    <Text size="sm" role="alert" dir="auto">
      {seen(connection.why ?? "The link was not followed in time. Ask for a new one.")}
    </Text>
  );
}

/** Gets access to an account: a link is asked for, followed elsewhere, and looked after until that is done. */
export function ConnectDialog({
  integration,
  kind,
  onClose,
}: {
  integration: Integration;
  kind: Kind | undefined;
  onClose: () => void;
}) {
  const service = kind?.live?.service ?? integration.kind;
  const { data: connection, error, refetch } = useQuery(connectionQuery(integration.id));
  const link = useOnce({ mutationFn: (_, key) => askForLink(integration.id, key), onSuccess: () => refetch() });
  const done = useGiven(connection?.state, link.isSuccess);
  useEffect(() => {
    if (!done) return;
    say(`${service} is connected.`);
    void renewIntegrations();
  }, [done, service]);
  const pending = connection?.state === "pending" && connection.redirect_url;
  return (
    <Dialog onClose={onClose} title={`Connect ${service}`}>
      <Stack gap="md">
        {done ? (
          <>
            <Group gap="xs">
              <IconCheck aria-hidden size={20} />
              <Text size="sm">Connected. The first pull begins by itself.</Text>
            </Group>
            <Group justify="flex-end">
              <Button onClick={onClose} data-autofocus>
                Done
              </Button>
            </Group>
          </>
        ) : (
          <>
            {connection && <Ended connection={connection} />}
            {pending ? (
              <Link url={pending} expires={connection.expires_at} service={service} />
            ) : (
              <>
                <Text size="sm">
                  You get a link to {service}, where whoever owns the account allows Watchfloor to read it:
                </Text>
                <ul>
                  {Object.entries(kind?.live?.scopes ?? {}).map(([scope, what]) => (
                    <li key={scope}>
                      <Text size="sm">
                        {seen(what)} <Code>{seen(scope)}</Code>
                      </Text>
                    </li>
                  ))}
                </ul>
                <Group justify="flex-end">
                  <Button variant="default" onClick={onClose}>
                    Later
                  </Button>
                  <Button loading={link.isPending} onClick={() => link.mutate()} data-autofocus>
                    {connection?.state === "expired" || connection?.state === "failed" ? "New link" : "Get the link"}
                  </Button>
                </Group>
              </>
            )}
            {link.error && <ProblemPanel error={link.error} onRetry={() => link.mutate()} />}
            {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
          </>
        )}
      </Stack>
    </Dialog>
  );
}
