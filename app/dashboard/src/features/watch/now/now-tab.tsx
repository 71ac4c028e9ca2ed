import { Alert, Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Moment } from "@/shared/time/moment";
import { absolute } from "@/shared/time/words";
import { Level } from "@/shared/ui/level";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { Asked } from "../asked";
import { statusQuery, type Status } from "../queries";
import { Section } from "../section";
import classes from "../watch.module.css";
import { Parts } from "./parts";
import { statusText, workWords } from "./words";
import { Workers } from "./workers";

/** How everything stands at this moment. */
export function NowTab() {
  const status = useQuery(statusQuery);
  return (
    <Asked query={status} waiting={420}>
      {(data) => (
        <>
          <Whole status={data} />
          <Section
            title="Parts"
            about="What others depend on stands first, then integrations, those in trouble before the others."
          >
            <Parts parts={data.dependencies} />
            {data.more > 0 && <p className={classes.about}>And {several(data.more, "more integration")}.</p>}
          </Section>
          <Section title="Work in the background" about={workWords(data.jobs)}>
            {data.jobs.warning && (
              <Alert color="yellow" title="Nobody carries out jobs">
                {seen(data.jobs.warning)}
              </Alert>
            )}
            <Workers workers={data.jobs.workers} />
          </Section>
          <p className={classes.foot}>
            Watchfloor {data.version}
            {data.demo && ". Invented data may be pulled here; it is labelled as sample data."}
          </p>
        </>
      )}
    </Asked>
  );
}

function Whole({ status }: { status: Status }) {
  return (
    <section className={classes.whole} data-level={status.level} aria-label="The whole">
      <div>
        <p className={classes.level}>
          <Level level={status.level} />
        </p>
        <p className={classes.reason} dir="auto">
          {seen(status.reason)}
        </p>
        <p className={classes.since}>
          Since {absolute(status.since)} (<Moment at={status.since} />)
        </p>
      </div>
      <Copy status={status} />
    </section>
  );
}

function Copy({ status }: { status: Status }) {
  const clipboard = useClipboard();
  const words = clipboard.error ? "This browser copies only over https" : clipboard.copied ? "Copied" : "Copy as text";
  return (
    <Button
      variant="default"
      leftSection={clipboard.copied ? <IconCheck aria-hidden size={16} /> : <IconCopy aria-hidden size={16} />}
      onClick={() => clipboard.copy(statusText(status, Date.now()))}
    >
      <span aria-live="polite">{words}</span>
    </Button>
  );
}
