import { Button, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { count, several } from "../ui/numbers";
import { seen } from "../ui/outside";
import { ProblemPanel } from "../ui/problem-panel";
import { warningsQuery, type Run } from "./queries";
import classes from "./runs.module.css";

/** So few are worth showing at once. */
const FEW = 5;

function List({ run }: { run: Run }) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    warningsQuery(run.id),
  );
  const list = useRef<HTMLUListElement>(null);
  // The button goes with the last of them; whoever pressed it reads on.
  const more = async () => {
    const { hasNextPage: leftMore } = await fetchNextPage();
    if (!leftMore) list.current?.focus();
  };
  const shown = data?.pages.flatMap((page) => page.items) ?? [];
  if (isPending)
    return (
      <Text size="sm" c="dimmed">
        Asking for them…
      </Text>
    );
  return (
    <>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {/* A list that scrolls has to be reached by the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul ref={list} className={classes.warnings} tabIndex={0} aria-label="Warnings">
        {shown.map((each, place) => (
          <li key={place} dir="auto">
            <strong>{seen(each.what)}</strong> {seen(each.why)}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void more()}>
          Show more of {count(run.warnings_total)}
        </Button>
      )}
    </>
  );
}

/** What in a run could not be read as it should, folded where there is much of it. */
export function Warnings({ run }: { run: Run }) {
  if (run.warnings_total === 0) return null;
  return (
    <details className={classes.details} open={run.warnings_total <= FEW}>
      <summary>{several(run.warnings_total, "warning")}</summary>
      <List run={run} />
    </details>
  );
}
