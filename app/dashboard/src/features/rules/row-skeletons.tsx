import { Skeleton, Stack } from "@mantine/core";

/** Rows that are to come. */
export function RowSkeletons({ rows = 8, height = 52 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="xs">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="sm" />
      ))}
    </Stack>
  );
}
