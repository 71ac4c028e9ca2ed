import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { Dialog } from "@/shared/ui/dialog";
import { ProblemPanel } from "@/shared/ui/problem-panel";

/** The way out. Where it fails that stands in the way: whoever walks off must not believe that they are signed out. */
export function useSignOut() {
  const leaving = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/logout"),
    onSuccess: () => location.assign("/sign-in"),
  });
  const refused = leaving.error && (
    <Dialog onClose={leaving.reset} title="You are still signed in">
      <Stack gap="md">
        <Text size="sm">Whoever comes to this browser next would go on as you.</Text>
        <ProblemPanel error={leaving.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={leaving.reset}>
            Stay signed in
          </Button>
          <Button data-autofocus onClick={() => leaving.mutate()}>
            Retry
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
  return { signOut: () => leaving.mutate(), refused };
}
