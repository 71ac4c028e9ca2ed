import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";

export type Status = Schema<"StatusOut">;
export type Part = Schema<"Dependency">;
export type Worker = Schema<"WorkerOut">;
export type Day = Schema<"DayOut">;
export type Pace = Schema<"PaceOut">;

const STATUS_EVERY_MS = 10_000;
const TRENDS_EVERY_MS = 60_000;

/** Levels come as events; signs of life, breakers and waiting work do not, so they are asked for while somebody looks. */
export const statusQuery = queryOptions({
  queryKey: ["status", "parts"],
  queryFn: ({ signal }) => bodyOf(api.GET("/status", { signal })),
  refetchInterval: STATUS_EVERY_MS,
});

/** The reader's days. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export const trendsQuery = (days: number, tz: string) =>
  queryOptions({
    queryKey: ["trends", "queue", days, tz],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/trends", { params: { query: { days, tz } }, signal })),
    refetchInterval: TRENDS_EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const paceQuery = (days: number, tz: string) =>
  queryOptions({
    queryKey: ["trends", "integrations", days, tz],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/trends/integrations", { params: { query: { days, tz } }, signal })),
    refetchInterval: TRENDS_EVERY_MS,
    placeholderData: keepPreviousData,
  });
