import { Button, Popover } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useState } from "react";
import { arriving } from "@/shared/ui/arriving";
import type { DisplayFields, Look } from "./display-fields";
import classes from "./toolbar.module.css";

/** How the tasks are shown. What is chosen from is no part of the first load: it comes when somebody is about to look. */
export function DisplayMenu({ look, onChange }: { look: Look; onChange: (look: Partial<Look>) => void }) {
  const [opened, setOpened] = useState(false);
  const [Fields, setFields] = useState<typeof DisplayFields | null>(null);
  const load = () =>
    void arriving(() => import("./display-fields")).then(({ DisplayFields }) => setFields(() => DisplayFields));
  return (
    <Popover
      opened={opened && Fields !== null}
      onChange={setOpened}
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          className={classes.display}
          leftSection={<IconAdjustmentsHorizontal aria-hidden size={16} />}
          onPointerEnter={load}
          onFocus={load}
          onClick={() => {
            load();
            setOpened(!opened);
          }}
        >
          <span className={classes.word}>Display</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Display">{Fields && <Fields look={look} onChange={onChange} />}</Popover.Dropdown>
    </Popover>
  );
}
