import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowMerge,
  IconArrowsMaximize,
  IconCheck,
  IconClockPause,
  IconDots,
  IconExternalLink,
  IconLink,
  IconRotate,
  IconTrash,
  IconUser,
  IconX,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { act } from "@/shared/acting/act";
import { ActButton } from "@/shared/acting/act-button";
import { ask, type Question } from "@/shared/acting/asked";
import { useMay } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { KeysHint } from "@/shared/keys/keys-hint";
import { webAddress } from "@/shared/ui/outside";
import { say } from "@/shared/ui/say";
import classes from "./acts.module.css";

const SIZE = { size: 16, stroke: 1.7, "aria-hidden": true } as const;

/** What can be done with a task. What is not allowed is not there. */
export function Acts({ task, whole }: { task: Task; whole: boolean }) {
  const may = useMay()("tasks:write");
  const question = (asked: Question) => () => ask(asked, { tasks: [task] });
  const simply = (verb: "complete" | "reopen") => () => void act(task, { verb });
  const running = task.status === "open" || task.status === "snoozed";
  return (
    <div className={classes.acts} role="group" aria-label="What can be done">
      {may && running && (
        <ActButton
          className={classes.act}
          label="Complete"
          keys="e"
          variant="filled"
          icon={<IconCheck {...SIZE} />}
          onClick={simply("complete")}
        />
      )}
      {may && task.status !== "open" && (
        <ActButton
          className={classes.act}
          label={task.status === "not_for_us" ? "Make it a task" : task.status === "snoozed" ? "Wake it" : "Reopen"}
          keys="r"
          icon={<IconRotate {...SIZE} />}
          onClick={simply("reopen")}
        />
      )}
      {may && running && (
        <>
          <ActButton
            className={classes.act}
            label="Snooze"
            keys="s"
            icon={<IconClockPause {...SIZE} />}
            onClick={question("snooze")}
          />
          <ActButton
            className={classes.act}
            label="Assign"
            keys="a"
            icon={<IconUser {...SIZE} />}
            onClick={question("assign")}
          />
          <ActButton
            className={classes.act}
            label="Decline"
            keys="d"
            icon={<IconX {...SIZE} />}
            onClick={question("decline")}
          />
        </>
      )}
      <More task={task} may={may} whole={whole} />
    </div>
  );
}

async function copyLink(id: number) {
  await navigator.clipboard.writeText(new URL(`/tasks/${id}`, location.origin).href);
  say("The link is copied.");
}

function More({ task, may, whole }: { task: Task; may: boolean; whole: boolean }) {
  const there = webAddress(task.source.url);
  const question = (asked: Question) => () => ask(asked, { tasks: [task] });
  // Plain http outside of this machine has no clipboard: there the page's own address is the link.
  const copies = "clipboard" in navigator;
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={30} className={classes.more} aria-label="More that can be done">
          <IconDots {...SIZE} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may && (
          <Menu.Item
            leftSection={<IconArrowMerge {...SIZE} />}
            rightSection={<KeysHint keys="m" />}
            onClick={question("merge")}
          >
            Merge into another…
          </Menu.Item>
        )}
        {there && (
          <Menu.Item
            component="a"
            href={there}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconExternalLink {...SIZE} />}
          >
            Open at its source
          </Menu.Item>
        )}
        {copies && (
          <Menu.Item leftSection={<IconLink {...SIZE} />} onClick={() => void copyLink(task.id)}>
            Copy link
          </Menu.Item>
        )}
        {!whole && (
          <Menu.Item component={Link} to={`/tasks/${task.id}`} leftSection={<IconArrowsMaximize {...SIZE} />}>
            Open as a page
          </Menu.Item>
        )}
        {may && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash {...SIZE} />}
              rightSection={<KeysHint keys="#" />}
              onClick={question("delete")}
            >
              Delete…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
