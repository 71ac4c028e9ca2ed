import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { sizeOf, type Target } from "@/shared/acting/asked";
import { tryOut, type BulkAction, type BulkAnswer } from "@/shared/acting/bulk";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { only } from "./act-dialog";
import classes from "./acting.module.css";

const FRESH_MS = 5_000;

/** What the action would do to the many. Null: nothing is known yet to try. */
export const tryOutQuery = (target: Target, action: BulkAction | null) =>
  queryOptions({
    queryKey: ["tasks", "tried-out", target, action],
    queryFn: action && !only(target) ? () => tryOut(target, action) : skipToken,
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
  });

/** «12 tasks; 2 are skipped because …»: before it is done. Says nothing for one task alone. */
export function TryOut({ target, action }: { target: Target; action: BulkAction | null }) {
  const { data, error, isFetching, refetch } = useQuery(tryOutQuery(target, action));
  if (only(target) || !action) return null;
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  return (
    <div className={classes.count} role="status">
      {data ? <Counted answer={data} /> : isFetching && `Counting ${several(sizeOf(target), "task")}…`}
    </div>
  );
}

const MOST_REASONS = 5;

function Counted({ answer }: { answer: BulkAnswer }) {
  const reasons = answer.skipped_why.slice(0, MOST_REASONS);
  return (
    <>
      {several(answer.changed, "task")} will change.
      {answer.skipped > 0 && ` ${several(answer.skipped, "is", "are")} skipped:`}
      {reasons.length > 0 && (
        <ul>
          {reasons.map(({ id, why }) => (
            <li key={id} dir="auto">
              {seen(why)}
            </li>
          ))}
          {answer.skipped > reasons.length && <li>and {several(answer.skipped - reasons.length, "other")}.</li>}
        </ul>
      )}
    </>
  );
}
