import { Modal, Switch } from "@mantine/core";
import { commands, type Command } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import { singleKeys } from "@/shared/keys/setting";
import { useStore } from "@/shared/ui/store";
import { useFocusBack } from "@/shared/ui/use-focus-back";
import { LOOK } from "./look";
import { closeBoth } from "./opening";
import classes from "./palette.module.css";

/** All keys that do something here, and the switch for those of one letter. */
export function Help() {
  const groups = byGroup(useStore(commands));
  const single = useStore(singleKeys);
  useFocusBack();
  return (
    <Modal.Root opened onClose={closeBoth} size="44rem" yOffset="8dvh" {...LOOK}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title>Keys on this page</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <div className={classes.body}>
          <div className={classes.groups}>
            {groups.map(([group, members]) => (
              <section key={group} className={classes.group}>
                <h3>{group}</h3>
                <dl>
                  {members.map(({ id, title, keys }) => (
                    <div key={id} className={classes.row}>
                      <dt>{title}</dt>
                      <dd>
                        <KeysHint keys={keys} />
                        <span className="unseen">{keys.replaceAll(" ", ", then ")}</span>
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <Switch
            className={classes.single}
            checked={single}
            onChange={(event) => singleKeys.set(event.currentTarget.checked)}
            label="Single letters are keys"
            description="Switch it off if you speak to your computer, or press letters by accident. Keys with Ctrl or ⌘ stay."
          />
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

type Listed = { id: string; title: string; group: string; keys: string };

/** By group, each key once: the latest that asked for it has it. */
function byGroup(offered: readonly Command[]): [string, Listed[]][] {
  const listed = offered.flatMap(({ id, title, group, keys, own }) => {
    const shown = keys ?? own;
    return shown ? [{ id, title, group, keys: shown }] : [];
  });
  const byKeys = new Map(listed.map((each) => [each.keys, each]));
  const groups = new Map<string, Listed[]>();
  for (const command of byKeys.values()) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}
