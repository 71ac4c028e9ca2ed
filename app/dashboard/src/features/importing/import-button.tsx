import { Button } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useMay } from "@/shared/api/session";
import { openImport } from "./open-import";

/** For whoever may import: asks for files. */
export function ImportButton({ variant = "default" }: { variant?: "default" | "filled" }) {
  const may = useMay();
  if (!may("intake:write")) return null;
  return (
    <Button variant={variant} leftSection={<IconUpload aria-hidden size={16} />} onClick={() => openImport()}>
      Import
    </Button>
  );
}
