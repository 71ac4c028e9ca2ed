import { Button, Title } from "@mantine/core";
import { IconFlask, IconPlugConnected, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "@/shared/api/session";
import { Empty } from "@/shared/ui/empty";
import classes from "./first-run.module.css";
import { LoadSample } from "./load-sample";
import { sampleQuery } from "./queries";

function Way({ icon, title, about, children }: { icon: ReactNode; title: string; about: string; children: ReactNode }) {
  return (
    <li className={classes.way}>
      {icon}
      <Title order={3} size="h5">
        {title}
      </Title>
      <p>{about}</p>
      <div className={classes.act}>{children}</div>
    </li>
  );
}

const done = () => undefined;

/** What stands where nothing was brought in yet: the three ways to begin, as far as they are allowed. */
export function FirstRun({ onImport }: { onImport: () => void }) {
  const may = useMay();
  const { data: sample } = useQuery(sampleQuery);
  const connects = may("integrations:write");
  const imports = may("intake:write");
  const samples = may("admin") && sample?.may_load && !sample.loaded;
  if (!connects && !imports)
    return (
      <Empty title="Nothing has been brought in yet">
        Operators and admins connect accounts and import files. What they bring in stands here at once.
      </Empty>
    );
  return (
    <section className={classes.first} aria-labelledby="first-run">
      <Title order={2} size="h3" id="first-run">
        Bring in your work
      </Title>
      <p className={classes.lead}>
        Watchfloor makes one task of each conversation, ranks all of them by rules you can read, and says why each
        stands where it stands.
      </p>
      <ul className={classes.ways}>
        {connects && (
          <Way
            icon={<IconPlugConnected aria-hidden size={24} stroke={1.5} />}
            title="Connect an account"
            about="Gmail, Slack, Notion and others are pulled every few minutes."
          >
            <Button component={Link} to="/integrations" hash="add">
              Connect…
            </Button>
          </Way>
        )}
        {imports && (
          <Way
            icon={<IconUpload aria-hidden size={24} stroke={1.5} />}
            title="Import files"
            about="A mailbox, a Slack or Notion export, or a table of tasks. Dropping it on the page does it, too."
          >
            <Button variant="default" onClick={onImport}>
              Import…
            </Button>
          </Way>
        )}
        {samples && (
          <Way
            icon={<IconFlask aria-hidden size={24} stroke={1.5} />}
            title="Look around first"
            about="An invented company with a bad Friday. It is marked as a sample, and cleared by one button."
          >
            <LoadSample label="Load the sample" onLoaded={done} />
          </Way>
        )}
      </ul>
    </section>
  );
}
