import { Checkbox, NativeSelect, NumberInput, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { seen } from "@/shared/ui/outside";
import { pairsOf, pairsText, type Field, type Value, type Values } from "./schema-form";

type Props = { field: Field; value: Value; error: string | undefined; onChange: (value: Value) => void };

const EITHER = [
  { value: "", label: "Judged by itself" },
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

/** What is typed stays as it is typed, until it is left. */
function Pairs({ field, value, error, onChange }: Props) {
  const [typed, setTyped] = useState(() => pairsText(value as Record<string, string | null>));
  return (
    <Textarea
      label={field.label}
      description={`${field.help} One a line: «Owner = assignee». Without a meaning, the column is left out.`}
      error={error}
      value={typed}
      autosize
      minRows={2}
      maxRows={8}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(pairsOf(event.currentTarget.value));
      }}
    />
  );
}

function SettingsField(props: Props) {
  const { field, value, error, onChange } = props;
  const said = { label: field.label, description: field.help || undefined, error };
  switch (field.sort) {
    case "switch":
      return (
        <Checkbox {...said} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case "either":
      return (
        <NativeSelect
          {...said}
          data={EITHER}
          value={value === null ? "" : value ? "true" : "false"}
          onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? null : currentTarget.value === "true")}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...said}
          data={[...field.choices]}
          value={value as string}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...said}
          value={value as number}
          onChange={(typed) => onChange(typed === "" ? field.standard : Number(typed))}
          clampBehavior="none"
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max === undefined ? {} : { max: field.max })}
        />
      );
    case "list":
      return (
        <TagsInput
          {...said}
          value={value as string[]}
          onChange={onChange}
          acceptValueOnBlur
          placeholder={(value as string[]).length ? "" : "Type, then Enter"}
        />
      );
    case "pairs":
      return <Pairs {...props} />;
    case "date":
    case "text":
      return (
        <TextInput
          {...said}
          type={field.sort === "date" ? "date" : "text"}
          value={seen((value ?? "") as string)}
          {...(field.longest === undefined ? {} : { maxLength: field.longest })}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** A kind's settings, as its schema says them, with what the server refuses at each. */
export function SettingsFields({
  fields,
  values,
  errors,
  onChange,
}: {
  fields: readonly Field[];
  values: Values;
  errors: Record<string, string>;
  onChange: (values: Values) => void;
}) {
  return fields.map((field) => (
    <SettingsField
      key={field.name}
      field={field}
      value={values[field.name] ?? field.standard}
      error={errors[field.name]}
      onChange={(value) => onChange({ ...values, [field.name]: value })}
    />
  ));
}
