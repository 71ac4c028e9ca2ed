import { api, bodyOf, type Schema } from "@/shared/api/client";
import { upload } from "@/shared/api/upload";
import { correctionsForm, type Corrections, type Preview } from "./columns";

/** How files are brought in: who sees them, into which integration, as which kind. Null: as the server finds fit. */
export type Options = { onlyMe: boolean; into: string | null; kind: string | null };

export const AS_FOUND: Options = { onlyMe: false, into: null, kind: null };

type Watched = { onProgress?: (part: number) => void; signal: AbortSignal };

function formOf(file: File, { onlyMe, into, kind }: Options, said: Corrections | null): FormData {
  const form = new FormData();
  form.append("file", file, file.name);
  if (into) form.append("into", into);
  if (kind) form.append("kind", kind);
  if (onlyMe) form.append("private", "true");
  for (const [name, value] of said ? correctionsForm(said) : []) form.append(name, value);
  return form;
}

/** How a file's tables would be read; nothing is stored. */
export const previewFile = (file: File, options: Options, said: Corrections | null, watched: Watched) =>
  upload<Preview>("/api/v1/integrations/import/preview", formOf(file, options, said), watched);

/** The same key makes a retry import once. */
export const importFile = (file: File, options: Options, said: Corrections | null, key: string, watched: Watched) =>
  upload<Schema<"RunStarted">>("/api/v1/integrations/import", formOf(file, options, said), {
    ...watched,
    headers: { "Idempotency-Key": key },
  });

export const runNow = (id: number) =>
  bodyOf(api.GET("/api/v1/sync/runs/{run_id}", { params: { path: { run_id: id } } }));
