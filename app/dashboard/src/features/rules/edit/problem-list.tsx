import { useQuery } from "@tanstack/react-query";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { checkQuery } from "../queries";
import frame from "../rules.module.css";
import classes from "./edit.module.css";
import { placeOf, sentence, whereWords, type Place } from "./problems";

/** What is wrong with the text; each problem leads to its place. */
export function ProblemList({ text, onGoTo }: { text: string; onGoTo: (place: Place) => void }) {
  const { data, error, isFetching, refetch } = useQuery(checkQuery(text));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <p className={classes.state}>Being checked…</p>;
  return (
    <>
      <p className={classes.state} role="status" data-valid={data.valid}>
        {data.valid ? (
          <>
            <strong>✓ In order</strong> {several(data.rules ?? 0, "rule")}
          </>
        ) : (
          <strong>✕ {several(data.problems.length, "problem")}</strong>
        )}
        {isFetching && <span>Being checked…</span>}
      </p>
      {data.problems.length > 0 && (
        <ul className={frame.list} aria-label="Problems">
          {data.problems.map((problem, index) => {
            const place = placeOf(problem, text);
            const words = (
              <>
                <span className={classes.where}>{whereWords(problem, text)}</span>{" "}
                <span dir="auto">{seen(sentence(problem.message))}</span>
              </>
            );
            return (
              <li key={index}>
                {place ? (
                  <button type="button" className={classes.problem} onClick={() => onGoTo(place)}>
                    {words}
                  </button>
                ) : (
                  words
                )}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
