import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "@/shared/api/errors";
import type { Integration, Kind } from "@/shared/api/integrations";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { nameTaken, useChange } from "./commands";
import { errorsOf, fieldsOf, settingsOf, valuesOf } from "./schema-form";
import { SettingsFields } from "./settings-fields";
import classes from "./view.module.css";

/** Its name and what its kind lets people set. */
export function SettingsSection({ integration, kind }: { integration: Integration; kind: Kind | undefined }) {
  const fields = fieldsOf(kind?.live?.settings_schema ?? {});
  const [name, setName] = useState(integration.name);
  const [values, setValues] = useState(() => valuesOf(fields, integration.settings));
  const change = useChange(integration.id);
  const problem = change.error ? asApiError(change.error) : null;
  const settings = settingsOf(fields, values);
  const before = settingsOf(fields, valuesOf(fields, integration.settings));
  const renamed = name.trim() !== integration.name;
  const reset = JSON.stringify(settings) !== JSON.stringify(before);
  const taken = nameTaken(change.error) ? problem?.message : undefined;
  const save = () =>
    change.mutate(
      { ...(renamed ? { name: name.trim() } : {}), ...(reset ? { settings } : {}) },
      { onSuccess: () => say("Saved.") },
    );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          error={taken ?? errorsOf(problem, "body").name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SettingsFields
          fields={fields}
          values={values}
          errors={errorsOf(problem, "body.settings")}
          onChange={setValues}
        />
        {problem && !taken && <ProblemPanel error={problem} />}
        <Group>
          <Button type="submit" loading={change.isPending} disabled={!renamed && !reset}>
            Save
          </Button>
          {reset && integration.live && (
            <span className={classes.soft}>
              The pull begins anew then. What is stored stays, and nothing comes twice.
            </span>
          )}
        </Group>
      </Stack>
    </form>
  );
}
