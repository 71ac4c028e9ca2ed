import { Button, Menu } from "@mantine/core";
import { IconBookmark, IconChevronDown, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useMay } from "@/shared/api/session";
import { arriving } from "@/shared/ui/arriving";
import { seen } from "@/shared/ui/outside";
import { choiceOfView, sameChoice, type Choice } from "./choice";
import { viewsQuery, type SavedView } from "./queries";
import classes from "./toolbar.module.css";
import { useViewBase } from "./use-view-base";
import { useViewChanges } from "./use-view-changes";
import type { Refusal } from "./view-refused";
import type { Changes } from "./view-save";

const dialogs = () => arriving(() => import("./view-dialogs"));
const NameViewDialog = lazy(async () => ({ default: (await dialogs()).NameViewDialog }));
const DeleteViewDialog = lazy(async () => ({ default: (await dialogs()).DeleteViewDialog }));
const ViewRefused = lazy(async () => ({ default: (await arriving(() => import("./view-refused"))).ViewRefused }));

type Given = {
  choice: Choice;
  /** The view that was chosen last. */
  view: number | undefined;
  onApply: (view: SavedView | null) => void;
  onAdopt: (id: number) => void;
};

type Asking = "new" | "rename" | "delete" | null;

/** Saved views: mine and those that are shared; what one shows can be changed, and the change kept. */
export function ViewsMenu({ choice, view, onApply, onAdopt }: Given) {
  const may = useMay();
  const { data, isError } = useQuery(viewsQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const views = data?.items ?? [];
  const present = views.find((each) => each.id === view);
  const changed = present !== undefined && !sameChoice(choice, choiceOfView(present));
  const { create, edit, remove } = useViewChanges();
  const mayEdit = present?.may_edit ?? false;
  const base = useViewBase(present, changed);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const change = (of: SavedView, changes: Changes, { version = of.version, then = () => setRefusal(null) } = {}) =>
    edit.mutate(
      { id: of.id, version, changes },
      {
        onSuccess: (saved) => {
          base.follow(version, saved);
          then();
        },
        // A dialog that is open says it itself.
        onError: (error) =>
          asking === null && setRefusal({ why: "refused", error, again: () => change(of, changes, { version, then }) }),
      },
    );
  const save = (of: SavedView) => {
    // Nobody but its owner changes a private one: there is nothing of anybody else to be lost.
    const version = base.version ?? (of.shared ? null : of.version);
    if (version === null) setRefusal({ why: "unknown" });
    else change(of, savedAs(choice), { version });
  };
  const items = (some: readonly SavedView[], title: string) =>
    some.length > 0 && (
      <>
        <Menu.Label>{title}</Menu.Label>
        {some.map((each) => (
          <Menu.RadioItem
            key={each.id}
            value={String(each.id)}
            checked={each.id === view}
            rightSection={each.shared && <IconUsers size={14} role="img" aria-label="shared" />}
            onChange={() => onApply(each)}
          >
            <span dir="auto">{seen(each.name)}</span>
          </Menu.RadioItem>
        ))}
      </>
    );
  return (
    <span className={classes.views}>
      <Menu
        position="bottom-end"
        width={260}
        withInitialFocusPlaceholder={false}
        onOpen={() => void dialogs()} // who chooses one of them goes on to type at once
      >
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconBookmark aria-hidden size={16} />}
            rightSection={<IconChevronDown aria-hidden size={14} />}
            title={present ? `View: ${seen(present.name)}` : "Views"}
            aria-label={present ? `View: ${seen(present.name)}` : "Views"}
          >
            <span className={classes.word} dir="auto">
              {present ? seen(present.name) : "Views"}
            </span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420}>
          {present && <Menu.Item onClick={() => onApply(null)}>The whole queue</Menu.Item>}
          {items(
            views.filter((each) => each.mine),
            "Mine",
          )}
          {items(
            views.filter((each) => !each.mine),
            "Shared by others",
          )}
          {isError && <Menu.Label>Saved views can’t be shown at the moment</Menu.Label>}
          {may("views:write") && (
            <>
              {(views.length > 0 || isError) && <Menu.Divider />}
              <Menu.Item onClick={() => setAsking("new")}>Save this as a view…</Menu.Item>
            </>
          )}
          {present && mayEdit && (
            <>
              <Menu.Divider />
              <Menu.Label>{seen(present.name)}</Menu.Label>
              <Menu.Item
                onClick={() => {
                  edit.reset();
                  setAsking("rename");
                }}
              >
                Rename…
              </Menu.Item>
              {(present.shared ? present.mine : may("tasks:write")) && (
                <Menu.Item onClick={() => change(present, { shared: !present.shared })}>
                  {present.shared ? "Make private" : "Share with everybody"}
                </Menu.Item>
              )}
              <Menu.Item color="red" onClick={() => setAsking("delete")}>
                Delete…
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {changed && mayEdit && (
        <Button variant="light" size="xs" loading={edit.isPending} onClick={() => save(present)}>
          Changed · Save
        </Button>
      )}
      <Suspense>
        {asking === "new" && (
          <NameViewDialog
            title="Save this as a view"
            mayShare={may("tasks:write")}
            doing={create}
            onClose={() => setAsking(null)}
            onDone={(name, shared) =>
              create.mutate(
                { name, shared, ...savedAs(choice) },
                {
                  onSuccess: ({ id }) => {
                    setAsking(null);
                    onAdopt(id);
                  },
                },
              )
            }
          />
        )}
        {asking === "rename" && present && (
          <NameViewDialog
            title="Rename the view"
            name={present.name}
            doing={edit}
            onClose={() => setAsking(null)}
            onDone={(name) => change(present, { name }, { then: () => setAsking(null) })}
          />
        )}
        {refusal && present && asking === null && (
          <ViewRefused
            refusal={refusal}
            view={present}
            isSaving={edit.isPending}
            onClose={() => setRefusal(null)}
            onTake={() => {
              setRefusal(null);
              onApply(present);
            }}
            onOver={changed ? () => change(present, savedAs(choice)) : null}
          />
        )}
        {asking === "delete" && present && (
          <DeleteViewDialog
            view={present}
            doing={remove}
            onClose={() => setAsking(null)}
            onDone={() =>
              remove.mutate(present.id, {
                onSuccess: () => {
                  setAsking(null);
                  onApply(null);
                },
              })
            }
          />
        )}
      </Suspense>
    </span>
  );
}

const savedAs = ({ filter, sort, group, columns }: Choice) => ({
  filter: { ...filter, status: filter.status ?? ["open" as const] },
  sort,
  group_by: group,
  columns: [...columns],
});
