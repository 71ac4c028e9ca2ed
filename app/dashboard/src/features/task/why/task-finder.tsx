import { Combobox, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { taskQuery } from "@/shared/api/tasks";
import { count } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { foundQuery } from "../queries";
import classes from "./task-finder.module.css";

const WAIT_MS = 120;

/** The number that was typed, "42" or "#42". */
export function numberIn(words: string): number {
  const found = /^#?(\d{1,9})$/.exec(words.trim());
  return found ? Number(found[1]) : 0;
}

/** Finds another task by words or by its number. */
export function TaskFinder({
  label,
  except,
  onChoose,
}: {
  label: string;
  except: number;
  onChoose: (id: number) => void;
}) {
  const combobox = useCombobox();
  const [words, setWords] = useState("");
  const [settled] = useDebouncedValue(words.trim(), WAIT_MS);
  const number = numberIn(settled);
  const byWords = useQuery({ ...foundQuery(settled), placeholderData: keepPreviousData });
  const byNumber = useQuery({ ...taskQuery(number), enabled: number > 0, retry: false });
  const found = [
    ...(byNumber.data ? [byNumber.data] : []),
    ...(settled && byWords.data ? byWords.data.items : []),
  ].filter((task, index, all) => task.id !== except && all.findIndex((each) => each.id === task.id) === index);
  const choose = (id: string) => {
    onChoose(Number(id));
    setWords("");
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal>
      <Combobox.Target>
        <TextInput
          size="xs"
          label={label}
          placeholder="Words or a number"
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!settled}>
        <Combobox.Options aria-label={label}>
          {found.map((task) => (
            <Combobox.Option key={task.id} value={String(task.id)} className={classes.option}>
              <span className={classes.title} dir="auto">
                {seen(task.title)}
              </span>
              <span className={classes.points}>{count(task.points)}</span>
            </Combobox.Option>
          ))}
          {found.length === 0 && (
            <Combobox.Empty>{byWords.isFetching ? "Searching" : "No other open task has that."}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
