import { useParams } from "@tanstack/react-router";
import { Watch } from "@/features/watch/watch";

export function WatchPage() {
  const { tab } = useParams({ from: "/signed-in/watch/{-$tab}" });
  return <Watch tab={tab} />;
}
