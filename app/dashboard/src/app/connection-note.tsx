import { useLiveState } from "@/shared/live/use-live";
import classes from "./connection-note.module.css";

/** Says that what is shown may be old, as long as nothing new can be heard. */
export function ConnectionNote() {
  const state = useLiveState();
  if (state === "live" || state === "connecting") return null;
  return (
    <p className={classes.note} role="status">
      {state === "offline"
        ? "You are offline. What you see is from before; it is renewed once you are back."
        : "The connection to the server is lost. Trying again; what you see may be out of date."}
    </p>
  );
}
