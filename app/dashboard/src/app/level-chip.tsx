import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, bodyOf } from "@/shared/api/client";
import { useLiveState } from "@/shared/live/use-live";
import { absolute } from "@/shared/time/words";
import { Level } from "@/shared/ui/level";
import classes from "./level-chip.module.css";

const EVERY_MS = 30_000;

const healthQuery = queryOptions({
  queryKey: ["status", "health"],
  queryFn: ({ signal }) => bodyOf(api.GET("/health", { signal })),
  refetchInterval: EVERY_MS,
  retry: false,
});

/** How far Watchfloor itself can be trusted at the moment. */
export function LevelChip() {
  const { data, isError, isPending } = useQuery(healthQuery);
  const live = useLiveState();
  if (isPending) return null;
  // Whoever can't hear the server doesn't know that all is well.
  const away = isError || live === "reconnecting" || live === "offline";
  const level = away ? "OFFLINE" : data.level;
  return (
    <Link
      to="/watch/{-$tab}"
      className={classes.chip}
      title={away ? "The server does not answer" : `Since ${absolute(data.since)}`}
    >
      <Level level={level} />
    </Link>
  );
}
