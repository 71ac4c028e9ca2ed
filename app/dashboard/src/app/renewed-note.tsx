import { Button } from "@mantine/core";
import { useStore } from "@/shared/ui/store";
import classes from "./connection-note.module.css";
import { renewed } from "./renewed";

/** Says that the page is out of date, where it can't be loaded anew without taking away what is being written. */
export function RenewedNote() {
  const waits = useStore(renewed);
  if (!waits) return null;
  return (
    <div className={classes.note} role="status">
      A new version of this page is there, and parts of the old one are gone. Keep or copy what you are writing, then{" "}
      <Button size="compact-xs" variant="default" onClick={() => location.reload()}>
        Load the new version
      </Button>
    </div>
  );
}
