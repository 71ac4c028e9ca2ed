import { Stack, Switch, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Integration } from "@/shared/api/integrations";
import { meQuery, useMay } from "@/shared/api/session";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useChange } from "./commands";
import { usersQuery } from "./queries";

/** Who sees it: everybody, or its owner and those who are named. Its owner says so; of nobody's, an admin. */
export function SharingSection({ integration }: { integration: Integration }) {
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const { data: users } = useQuery({ ...usersQuery, enabled: may("users:manage") });
  const change = useChange(integration.id);
  const decides = integration.owner ? integration.owner.id === me?.user?.id : may("admin") && Boolean(me?.user);
  return (
    <Stack gap="sm">
      <Switch
        label="Private"
        description={
          integration.owner
            ? `Only its owner, ${integration.owner.email}, and those who are named see it, and what comes from it.`
            : "Only you, who become its owner, and those who are named see it, and what comes from it."
        }
        checked={integration.private}
        disabled={!decides || change.isPending}
        onChange={(event) => change.mutate({ private: event.currentTarget.checked })}
      />
      {integration.private && (
        <TagsInput
          label="Who sees it too"
          description="By their e-mail address."
          value={integration.viewers.map((each) => each.email)}
          data={users?.items.map((user) => user.email) ?? []}
          disabled={!decides || change.isPending}
          onChange={(viewers) => change.mutate({ viewers })}
        />
      )}
      {!decides && integration.owner && <small>Only its owner says who sees it.</small>}
      {change.error && <ProblemPanel error={change.error} />}
    </Stack>
  );
}
