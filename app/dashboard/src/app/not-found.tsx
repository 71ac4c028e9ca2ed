import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Empty } from "@/shared/ui/empty";

export function NotFound() {
  return (
    <main>
      <Empty title="There is no such page" order={1}>
        <Anchor component={Link} to="/">
          To the queue
        </Anchor>
      </Empty>
    </main>
  );
}
