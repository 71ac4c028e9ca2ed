import { Stack, Switch, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Integration } from "@/shared/api/integrations";
import { meQuery, useMay } from "@/shared/api/session";
import { Confirm } from "@/shared/ui/confirm";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useChange } from "./commands";
import { tasksOfQuery, usersQuery } from "./queries";

/** Who sees it: everybody, or its owner and those who are named. Its owner says so; of nobody's, an admin. */
export function SharingSection({ integration }: { integration: Integration }) {
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const { data: users } = useQuery({ ...usersQuery, enabled: may("users:manage") });
  const change = useChange(integration.id);
  const [isOpening, setOpening] = useState(false);
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
        onChange={(event) => (event.currentTarget.checked ? change.mutate({ private: true }) : setOpening(true))}
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
      {isOpening && (
        <Opening
          integration={integration}
          onDo={() => change.mutateAsync({ private: false })}
          onClose={() => setOpening(false)}
        />
      )}
      {!isOpening && change.error && <ProblemPanel error={change.error} />}
    </Stack>
  );
}

/** Asks first: what somebody has seen they have seen, also when it is private again. */
function Opening({
  integration,
  onDo,
  onClose,
}: {
  integration: Integration;
  onDo: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { data: tasks } = useQuery(tasksOfQuery(integration.id));
  const items = several(integration.items, "item");
  return (
    <Confirm
      title={`Show ${seen(integration.name)} to everybody?`}
      act="Show to everybody"
      onDo={onDo}
      onClose={onClose}
    >
      All who may see tasks will see {tasks === undefined ? items : `${several(tasks, "task")} and ${items}`} of it, old
      ones too, with every conversation in them. You can make it private again; what was seen meanwhile was seen.
    </Confirm>
  );
}
