import { queryOptions } from "@tanstack/react-query";
import { tasksChanged } from "@/shared/acting/cache";
import { api, bodyOf } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";

/** Whether invented data is here. It comes and goes with integrations, and is renewed with them. */
export const sampleQuery = queryOptions({
  queryKey: ["integrations", "sample"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/sample", { signal })),
});

export const clearSample = () => api.DELETE("/api/v1/sample");

export const loadSample = (key: string) =>
  bodyOf(api.POST("/api/v1/sample", { params: { header: { "Idempotency-Key": key } } }));

/** With the sample everything may change that a page shows. */
export const renewAll = () =>
  Promise.all([
    tasksChanged(),
    ...["integrations", "runs", "status", "people"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
  ]);
