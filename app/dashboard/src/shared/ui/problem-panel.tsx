import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { asApiError } from "../api/errors";
import { seen } from "./outside";

/** A problem with its way out. Retry is offered where trying again makes sense: what is not allowed stays so. */
export function ProblemPanel({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = asApiError(error);
  const denied = problem.status === 403;
  return (
    <Alert role="alert" color={denied ? "gray" : "red"} icon={<IconAlertTriangle aria-hidden />} title={problem.title}>
      <Stack gap="xs">
        <Text size="sm" dir="auto">
          {seen(problem.message)}
        </Text>
        {problem.fields.length > 0 && (
          <ul>
            {problem.fields.map((field) => (
              <li key={field.location + field.message} dir="auto">
                <Code>{seen(field.location)}</Code> {seen(field.message)}
              </li>
            ))}
          </ul>
        )}
        {problem.correlationId && (
          <Text size="xs">
            In the log as <Code>{problem.correlationId}</Code>
          </Text>
        )}
        {onRetry && !denied && (
          <Group>
            <Button size="xs" variant="default" onClick={onRetry}>
              Retry
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
