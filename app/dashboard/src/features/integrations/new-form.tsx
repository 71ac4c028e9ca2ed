import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/shared/api/errors";
import type { Integration, Kind } from "@/shared/api/integrations";
import { meQuery } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { AccessFields, BY_LINK, gatewayOf, type Access } from "./access-fields";
import classes from "./add.module.css";
import { createIntegration, nameTaken } from "./commands";
import { errorsOf, fieldsOf, settingsOf, valuesOf } from "./schema-form";
import { SettingsFields } from "./settings-fields";

/** What a new integration of a kind is called, how it gets at its account, and what it pulls. */
export function NewForm({
  kind,
  onMade,
  onBack,
}: {
  kind: Kind;
  onMade: (made: Integration, toConnect: boolean) => void;
  onBack: () => void;
}) {
  const { data: me } = useQuery(meQuery);
  const fields = fieldsOf(kind.live?.settings_schema ?? {});
  const linked = kind.live?.gateways.includes("composio");
  const [name, setName] = useState(kind.title);
  const [access, setAccess] = useState<Access>(linked ? BY_LINK : { ...BY_LINK, way: "demo" });
  const [values, setValues] = useState(() => valuesOf(fields, {}));
  const [hidden, setHidden] = useState(false);
  const [told, setTold] = useState(false);
  const make = useOnce({
    mutationFn: createIntegration,
    onSuccess: (made) => onMade(made, access.way === "link"),
  });
  const problem = make.error ? asApiError(make.error) : null;
  const wrong = errorsOf(problem, "body");
  const wrongSettings = errorsOf(problem, "body.settings");
  const taken = nameTaken(make.error) ? problem?.message : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({
          kind: kind.kind,
          name: name.trim(),
          settings: settingsOf(fields, values),
          gateway: gatewayOf(access),
          private: hidden,
          write_back: told,
        });
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          description="As people will call it."
          required
          maxLength={200}
          value={name}
          error={taken ?? wrong.name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <AccessFields kind={kind} access={access} errors={wrong} onChange={setAccess} />
        {me?.user && (
          <Checkbox
            label="Private"
            description="Only you, and those you name later, see it and what comes from it."
            checked={hidden}
            onChange={(event) => setHidden(event.currentTarget.checked)}
          />
        )}
        {kind.live && kind.live.writes.length > 0 && (
          <Checkbox
            label={`Tell ${kind.live.service} what people do`}
            description={kind.live.writes.join(" ")}
            checked={told}
            onChange={(event) => setTold(event.currentTarget.checked)}
          />
        )}
        <details className={classes.settings} open={Object.keys(wrongSettings).length > 0}>
          <summary>What is pulled, and how</summary>
          <Stack gap="sm" mt="sm">
            <SettingsFields fields={fields} values={values} errors={wrongSettings} onChange={setValues} />
          </Stack>
        </details>
        {problem && !taken && <ProblemPanel error={problem} />}
        <Group>
          <Button type="submit" loading={make.isPending}>
            {access.way === "link" ? "Add, then connect" : "Add"}
          </Button>
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
