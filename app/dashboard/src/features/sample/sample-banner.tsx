import { Button, CloseButton, Group, Modal, Text } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useMay } from "@/shared/api/session";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { Store, useStore } from "@/shared/ui/store";
import { LoadSample } from "./load-sample";
import { clearSample, renewAll, sampleQuery } from "./queries";
import classes from "./sample-banner.module.css";

/** It was cleared here just now, and is offered back until that is put away. */
const justCleared = new Store(false);

function Banner({ children, actions }: { children: ReactNode; actions: ReactNode }) {
  return (
    <section className={classes.banner} aria-label="Sample data">
      <IconFlask aria-hidden size={18} stroke={1.6} />
      <div className={classes.words}>{children}</div>
      <div className={classes.actions}>{actions}</div>
    </section>
  );
}

/** Asks first: what was done to the sample goes with it. */
function Clear() {
  const [asked, setAsked] = useState(false);
  const clear = useMutation({
    mutationFn: clearSample,
    onSuccess: async () => {
      setAsked(false);
      justCleared.set(true);
      say("The sample data is gone.");
      await renewAll();
    },
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        Clear the sample data
      </Button>
      <Modal opened={asked} onClose={() => setAsked(false)} title="Clear the sample data?">
        <Text size="sm">
          The invented company's mail, Slack and Notion go, with all that was done to them. What you brought in yourself
          stays.
        </Text>
        {clear.error && <ProblemPanel error={clear.error} onRetry={() => clear.mutate()} />}
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={() => setAsked(false)}>
            Keep it
          </Button>
          <Button loading={clear.isPending} onClick={() => clear.mutate()} data-autofocus>
            Clear it
          </Button>
        </Group>
      </Modal>
    </>
  );
}

/** What invented data is here, and the ways out of it: clear it, or bring in one's own. */
export function SampleBanner({ onImport }: { onImport: () => void }) {
  const may = useMay();
  const cleared = useStore(justCleared);
  const { data: sample } = useQuery(sampleQuery);
  if (!sample) return null;
  if (sample.loaded)
    return (
      <Banner
        actions={
          <>
            {may("intake:write") && (
              <Button size="xs" onClick={onImport}>
                Import your own
              </Button>
            )}
            {may("admin") && <Clear />}
          </>
        }
      >
        <strong>Sample data</strong>: an invented company, to look around in. Whatever is marked «Sample» is part of it.
      </Banner>
    );
  if (!cleared) return null;
  return (
    <Banner
      actions={
        <>
          {sample.may_load && may("admin") && (
            <LoadSample label="Bring it back" onLoaded={() => justCleared.set(false)} />
          )}
          <CloseButton aria-label="Dismiss" onClick={() => justCleared.set(false)} />
        </>
      }
    >
      The sample data is gone.
    </Banner>
  );
}
