import { useStore } from "@/shared/ui/store";
import type { ListModel } from "./list-model";
import classes from "./toolbar.module.css";

/** Selects every task of the list that is loaded, or none: the bar then offers all that match. */
export function SelectAll({ model, loaded }: { model: ListModel; loaded: number }) {
  const { selection } = useStore(model);
  const chosen = selection.ids.size;
  const all = loaded > 0 && chosen >= loaded;
  return (
    <label className={classes.all} title="Select all">
      <input
        type="checkbox"
        aria-label="Select all tasks of the list"
        disabled={loaded === 0}
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = chosen > 0 && !all;
        }}
        onChange={() => (all ? model.chooseNothing() : model.chooseLoaded())}
      />
    </label>
  );
}
