import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMay } from "@/shared/api/session";
import { Empty } from "@/shared/ui/empty";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { proposalsQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import { OpenProposal } from "./open-proposal";
import { PastProposals } from "./past-proposals";

/** Changes that people's ranking by hand asks for: the open one with its evidence, and what became of others. */
export function ProposalsTab() {
  const may = useMay();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(proposalsQuery);
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowSkeletons rows={4} height={80} />;
  const all = data.pages.flatMap(({ items }) => items);
  const open = all.find(({ state }) => state === "open");
  const canDecide = may("rules:write");
  return (
    <>
      {open ? <OpenProposal key={open.id} id={open.id} canDecide={canDecide} /> : <NothingOpen />}
      <PastProposals proposals={all.filter((each) => each !== open)} canDecide={canDecide} />
      {hasNextPage && (
        <Button variant="subtle" mt="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier ones
        </Button>
      )}
    </>
  );
}

function NothingOpen() {
  return (
    <Empty title="No change is proposed">
      Where a task stands below one that it should stand above, drag it there in the queue. From three such drags on two
      days that ask for the same, a change of the rules is proposed here. Nothing changes until somebody accepts it.
    </Empty>
  );
}
