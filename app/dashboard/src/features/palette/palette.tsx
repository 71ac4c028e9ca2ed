import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, bodyOf } from "@/shared/api/client";
import { integrationsQuery } from "@/shared/api/integrations";
import { commands, type Command } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import { placeName, seen } from "@/shared/ui/outside";
import { Picker, type Choice } from "@/shared/ui/picker";
import { useStore } from "@/shared/ui/store";
import { useFocusBack } from "@/shared/ui/use-focus-back";
import { LOOK } from "./look";
import { fitting } from "./matching";
import { closeBoth } from "./opening";

const SEARCH_FROM = 2;
const SEARCH_MS = 120;
const MOST = 8;

const tasksQuery = (q: string) =>
  queryOptions({
    queryKey: ["tasks", "palette", q],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks", {
          params: { query: { q, status: ["open", "snoozed", "done", "declined"], limit: MOST } },
          signal,
        }),
      ),
    enabled: q.length >= SEARCH_FROM,
  });

type Result = Choice & { run: () => void };

/** Whatever can be done or opened from here, by a few letters. */
export function Palette() {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), SEARCH_MS);
  const offered = useStore(commands);
  const tasks = useQuery(tasksQuery(q));
  const integrations = useQuery(integrationsQuery);
  const navigate = useNavigate();

  const found: Result[] = fitting(
    pickable(offered),
    text,
    ({ title, group, words }) => `${title} ${group} ${words ?? ""}`,
  ).map((command) => ({ ...asChoice(command), run: command.run }));
  const named = text.trim() ? fitting(integrations.data?.items ?? [], text, ({ name }) => name).slice(0, MOST) : [];
  const places: Result[] = named.map(({ id, name, kind }) => ({
    id: `integration-${id}`,
    label: seen(placeName(name)),
    detail: kind,
    group: "Integrations",
    run: () => void navigate({ to: "/integrations/$integrationId", params: { integrationId: id } }),
  }));
  const hits = q.length >= SEARCH_FROM && text.trim() ? (tasks.data?.items ?? []) : [];
  const opens: Result[] = hits.map(({ id, title, source, status }) => ({
    id: `task-${id}`,
    label: seen(title),
    detail: `${seen(placeName(source.integration))}${status === "open" ? "" : `, ${status}`}`,
    group: "Tasks",
    run: () => void navigate({ to: "/tasks/$taskId", params: { taskId: id } }),
  }));
  const results = [...found, ...places, ...opens];

  useFocusBack();
  return (
    <Modal.Root opened onClose={closeBoth} size="38rem" yOffset="12dvh" {...LOOK}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label="Find or do">
        <Picker
          label="Find or do"
          placeholder="Search tasks, or what to do"
          text={text}
          onText={setText}
          choices={results}
          onChoose={({ id }) => {
            closeBoth();
            // What it leads to may ask in a dialog of its own: only once this one has given the focus back.
            setTimeout(() => results.find((each) => each.id === id)?.run());
          }}
          message={messageOf(text, results.length, tasks)}
          problem={tasks.isError}
        />
      </Modal.Content>
    </Modal.Root>
  );
}

function messageOf(text: string, results: number, tasks: { isError: boolean; isFetching: boolean }) {
  if (tasks.isError) return "Tasks can't be searched at the moment.";
  if (tasks.isFetching) return "Searching tasks…";
  return text.trim() && results === 0 ? "Nothing here is called that, and no task holds these words." : null;
}

/** Two places may offer the same: the latest has it. */
function pickable(offered: readonly Command[]): Command[] {
  const latest = new Map(offered.map((each) => [each.id, each]));
  return [...latest.values()].filter(({ quiet }) => !quiet);
}

const asChoice = ({ id, title, group, keys, own, about }: Command): Choice => ({
  id: `command-${id}`,
  label: title,
  group: about ? `On ${about}` : group,
  detail: (keys ?? own) && <KeysHint keys={keys ?? own ?? ""} />,
});
