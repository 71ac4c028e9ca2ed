import { answered, provenHeaders } from "./client";
import { unreachable } from "./errors";

type Sending = {
  headers?: Record<string, string>;
  /** How much of it is sent, 0 to 1. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
};

/** `fetch` can't tell how far an upload is. */
function post(path: string, form: FormData, { headers, onProgress, signal }: Sending): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    const stop = () => sending.abort();
    signal?.addEventListener("abort", stop, { once: true });
    sending.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    sending.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    sending.onerror = () => reject(unreachable());
    sending.onloadend = () => signal?.removeEventListener("abort", stop);
    sending.onload = () => resolve(responseOf(sending));
    sending.open("POST", path);
    for (const [name, value] of Object.entries({ ...headers, ...provenHeaders() }))
      sending.setRequestHeader(name, value);
    if (signal?.aborted) stop();
    else sending.send(form);
  });
}

function responseOf(sent: XMLHttpRequest): Response {
  const correlation = sent.getResponseHeader("X-Correlation-ID");
  return new Response(sent.status === 204 ? null : sent.responseText, {
    status: sent.status,
    headers: correlation ? { "X-Correlation-ID": correlation } : {},
  });
}

/** Sends a form with files, and tells how far it is. Raises an ApiError as `api` does; an AbortError once it is stopped. */
export async function upload<Answer>(path: `/api/v1/${string}`, form: FormData, sending: Sending): Promise<Answer> {
  const response = await answered(false, () => post(path, form, sending));
  return (await response.json()) as Answer;
}
