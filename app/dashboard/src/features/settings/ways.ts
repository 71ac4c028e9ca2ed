import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/shared/api/client";

/** How people sign in here, and how long a new password has to be. */
export const waysQuery = queryOptions({
  queryKey: ["me", "ways"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/auth/ways", { signal })),
  staleTime: Infinity,
});
