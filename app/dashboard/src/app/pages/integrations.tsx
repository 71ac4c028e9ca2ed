import { Anchor, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { ImportButton } from "@/features/importing/import-button";
import { openImport } from "@/features/importing/open-import";
import { AddDialog } from "@/features/integrations/add-dialog";
import { IntegrationList } from "@/features/integrations/integration-list";
import { IntegrationView } from "@/features/integrations/integration-view";
import { integrationQuery } from "@/features/integrations/queries";
import { RunsList } from "@/features/integrations/runs-list";
import { SyncButton } from "@/features/integrations/sync-button";
import { FirstRun } from "@/features/sample/first-run";
import { SampleBanner } from "@/features/sample/sample-banner";
import { useMay } from "@/shared/api/session";
import { useCommands } from "@/shared/keys/commands";
import { placeName, seen } from "@/shared/ui/outside";
import { Page } from "@/shared/ui/page";
import classes from "./integrations.module.css";

const ADD = "add";
const importFiles = () => openImport();

/** The dialog stands in the address, so that a link may open it. */
function useAdding() {
  const may = useMay();
  const navigate = useNavigate();
  const adding = useLocation({ select: ({ hash }) => hash === ADD }) && may("integrations:write");
  const add = () => void navigate({ to: "/integrations", hash: ADD });
  const close = () => void navigate({ to: "/integrations", hash: "", replace: true });
  return { adding, add: may("integrations:write") ? add : null, close };
}

export function IntegrationsPage() {
  const may = useMay();
  const { adding, add, close } = useAdding();
  useCommands(
    add
      ? [{ id: "add integration", group: "Integrations", title: "Add an integration…", words: "connect", run: add }]
      : [],
  );
  return (
    <Page
      title="Integrations"
      about="Where work comes from, and whether it can be believed."
      actions={
        <>
          <ImportButton />
          {add && (
            <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={add}>
              Add integration
            </Button>
          )}
        </>
      }
    >
      <SampleBanner onImport={importFiles} />
      <IntegrationList empty={<FirstRun onImport={importFiles} />} onAdd={add} />
      {may("runs:read") && (
        <section>
          <h2 className={classes.title}>Recent runs</h2>
          <RunsList integration={null} />
        </section>
      )}
      {adding && (
        <AddDialog
          onClose={close}
          onImport={() => {
            close();
            importFiles();
          }}
        />
      )}
    </Page>
  );
}

export function IntegrationPage() {
  const { integrationId } = useParams({ from: "/signed-in/integrations/$integrationId" });
  const { data: integration } = useQuery(integrationQuery(integrationId));
  return (
    <Page
      title={integration ? seen(placeName(integration.name)) : "Integration"}
      about={
        <Anchor component={Link} to="/integrations" size="sm">
          All integrations
        </Anchor>
      }
      actions={integration && <SyncButton integration={integration} />}
    >
      <IntegrationView key={integrationId} id={integrationId} />
    </Page>
  );
}
