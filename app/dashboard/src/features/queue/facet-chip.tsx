import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { count, several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import classes from "./toolbar.module.css";

export type Option = { value: string; title: string; count?: number | undefined };

type Given = {
  title: string;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** There are values beside these, of fewer tasks. */
  more?: boolean;
};

const SEARCHED_FROM = 9;

/** One filter: what it is set to, and all it could be set to, each with how many tasks it would show. */
export function FacetChip({ title, options, chosen, onChange, more = false }: Given) {
  const [words, setWords] = useState("");
  const named = chosen.map((value) => options.find((each) => each.value === value)?.title ?? value);
  const shown = options.filter((each) => each.title.toLowerCase().includes(words.trim().toLowerCase()));
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  const said = named.length > 2 ? several(named.length, "value") : seen(named.join(", "));
  return (
    <span className={classes.chip} data-set={chosen.length > 0 || undefined}>
      <Menu position="bottom-start" width={260} withInitialFocusPlaceholder={false} onClose={() => setWords("")}>
        <Menu.Target>
          <UnstyledButton className={classes.chipname} aria-label={named.length ? `${title}: ${said}` : title}>
            {title}
            {named.length > 0 && (
              <>
                : <b dir="auto">{said}</b>
              </>
            )}
            <IconChevronDown aria-hidden size={14} stroke={1.6} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown mah={360} className={classes.options}>
          {options.length >= SEARCHED_FROM && (
            <Menu.Search
              aria-label={`Find in ${title}`}
              placeholder="Find"
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          )}
          {shown.map((option) => (
            <Menu.CheckboxItem
              key={option.value}
              checked={chosen.includes(option.value)}
              closeMenuOnClick={false}
              rightSection={option.count !== undefined && <span className={classes.number}>{count(option.count)}</span>}
              onChange={() => toggle(option.value)}
            >
              <span dir="auto">{seen(option.title)}</span>
            </Menu.CheckboxItem>
          ))}
          {shown.length === 0 && <Menu.Label>{words ? "None is called so" : "No task has one"}</Menu.Label>}
          {more && <Menu.Label>There are more, of fewer tasks</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {chosen.length > 0 && (
        <UnstyledButton
          className={classes.unset}
          aria-label={`Any ${title.toLowerCase()}`}
          onClick={() => onChange([])}
        >
          <IconX aria-hidden size={14} stroke={1.8} />
        </UnstyledButton>
      )}
    </span>
  );
}
