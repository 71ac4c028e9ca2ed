import { ProblemPanel } from "@/shared/ui/problem-panel";

/** Where a page could not be shown at all. */
export function Crashed({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <main style={{ maxWidth: "40rem", margin: "4rem auto", padding: "0 1rem" }}>
      <h1 className="unseen">This page could not be shown</h1>
      <ProblemPanel error={error} onRetry={reset} />
    </main>
  );
}
