import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { asApiError } from "../api/errors";
import { problemWords } from "./problem-words";

/** A problem with its way out. Retry is offered where trying again makes sense: what is not allowed stays so. */
export function ProblemPanel({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const problem = asApiError(error);
  const denied = problem.status === 403;
  const words = problemWords(problem);
  const log = problem.correlationId && (
    <Text size="xs">
      In the log as <Code>{problem.correlationId}</Code>
    </Text>
  );
  // Only where the server failed is its log the next place to look.
  const failed = problem.status >= 500;
  return (
    <Alert role="alert" color={denied ? "gray" : "red"} icon={<IconAlertTriangle aria-hidden />} title={words.title}>
      <Stack gap="xs">
        {words.message && (
          <Text size="sm" dir="auto">
            {words.message}
          </Text>
        )}
        {words.fields.length === 1 && (
          <Text size="sm" dir="auto">
            {words.fields[0]}
          </Text>
        )}
        {words.fields.length > 1 && (
          <ul>
            {words.fields.map((field) => (
              <li key={field} dir="auto">
                {field}
              </li>
            ))}
          </ul>
        )}
        {failed && log}
        {(words.more.length > 0 || (log && !failed)) && (
          <details>
            <summary>Details</summary>
            {words.more.map((line) => (
              <Text size="sm" key={line} dir="auto">
                {line}
              </Text>
            ))}
            {!failed && log}
          </details>
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
