import { useMay } from "@/shared/api/session";
import { RulesetPicker, WithChosen } from "../chosen";
import frame from "../rules.module.css";
import { Activations } from "./activations";
import { Versions } from "./versions";

/** What ranked when, and how a ruleset came to be what it is. */
export function HistoryTab() {
  const may = useMay();
  const canWrite = may("rules:write");
  return (
    <>
      <Activations canWrite={canWrite} />
      <WithChosen>
        {(chosen, all) => (
          <section aria-label="Versions">
            <h2 className={frame.heading}>Versions of a ruleset</h2>
            <div className={frame.bar}>
              <RulesetPicker chosen={chosen} all={all} />
            </div>
            <Versions key={chosen.name} name={chosen.name} canWrite={canWrite} />
          </section>
        )}
      </WithChosen>
    </>
  );
}
