import { Checkbox, NativeSelect, SegmentedControl, Stack } from "@mantine/core";
import { useStore } from "@/shared/ui/store";
import type { Choice } from "./choice";
import { density } from "./settings";
import { COLUMN_WORDS, COLUMNS, GROUP_BY, GROUP_WORDS, SORT_WORDS, SORTS, type Column } from "./vocabulary";

export type Look = Pick<Choice, "sort" | "group" | "columns">;

const optionsOf = <Value extends string>(values: readonly Value[], words: Record<Value, string>) =>
  values.map((value) => ({ value, label: words[value] }));

/** In which order the tasks are shown, under which headings, with which columns, how close. */
export function DisplayFields({ look, onChange }: { look: Look; onChange: (look: Partial<Look>) => void }) {
  const { sort, group, columns } = look;
  const close = useStore(density);
  const toggle = (column: Column, on: boolean) =>
    onChange({ columns: on ? [...columns, column] : columns.filter((each) => each !== column) });
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Order"
        size="xs"
        data={optionsOf(SORTS, SORT_WORDS)}
        value={sort}
        onChange={(event) => onChange({ sort: event.currentTarget.value as Look["sort"] })}
      />
      <NativeSelect
        label="Group by"
        size="xs"
        data={optionsOf(GROUP_BY, GROUP_WORDS)}
        value={group}
        onChange={(event) => onChange({ group: event.currentTarget.value as Look["group"] })}
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Row height"
        data={[
          { value: "comfortable", label: "Comfortable" },
          { value: "compact", label: "Compact" },
        ]}
        value={close}
        onChange={(value) => density.set(value === "compact" ? "compact" : "comfortable")}
      />
      <Checkbox.Group label="Columns" size="xs" value={[...columns]}>
        <Stack gap={10} mt={6}>
          {COLUMNS.map((column) => (
            <Checkbox
              key={column}
              size="xs"
              value={column}
              label={COLUMN_WORDS[column]}
              onChange={(event) => toggle(column, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
    </Stack>
  );
}
