import type { components } from "./schema";

export type Problem = components["schemas"]["ProblemOut"];

/** What went wrong, as the server says it (RFC 9457), or as this page has to where no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly title: string;
  /** HTTP status; 0 where nothing answered. */
  readonly status: number;
  readonly code: string;
  /** Seconds after which it is worth trying again; 0 where nobody knows. */
  readonly retryAfter: number;
  readonly correlationId: string;
  /** What is wrong with which field of what was sent. */
  readonly fields: NonNullable<Problem["errors"]>;
  readonly problem: Partial<Problem>;

  constructor(problem: Partial<Problem>) {
    super(problem.detail ?? "The server answered with something this page can't read.");
    this.title = problem.title ?? "Something went wrong";
    this.status = problem.status ?? 0;
    this.code = problem.code ?? "";
    this.retryAfter = problem.retry_after ?? 0;
    this.correlationId = problem.correlation_id ?? "";
    this.fields = problem.errors ?? [];
    this.problem = problem;
  }
}

export const unreachable = () =>
  new ApiError({
    title: "The server does not answer",
    detail: "It may be restarting, or the connection is lost. What you see is what was there last.",
  });

/** Nobody knows whether it was done: no answer came, or the server failed at it. */
export const isUnanswered = ({ status }: ApiError) => status === 0 || status >= 500;

/** Whatever was thrown, as something that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  console.error(error);
  return new ApiError({
    title: "This page has a defect",
    detail: "Reload it. If that does not help, tell whoever runs this Watchfloor.",
  });
}
