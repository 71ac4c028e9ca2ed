import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "./client";

export type Integration = Schema<"IntegrationOut">;

const MOST = 200;

/** The first 200 integrations: for names, levels and filters. */
export const integrationsQuery = queryOptions({
  queryKey: ["integrations", "list"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/integrations", { params: { query: { limit: MOST } }, signal })),
});

export type Kind = Schema<"KindOut">;

/** Which kinds there are, and what each takes. They change with the server's settings alone. */
export const kindsQuery = queryOptions({
  queryKey: ["integrations", "kinds"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/integrations/kinds", { signal })),
});
