import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";

export type User = Schema<"UserOut">;
export type Role = Schema<"Role">;

export const ROLES: Record<Role, string> = {
  viewer: "sees the queue and why it is so",
  operator: "works with it: acts on tasks, imports, has integrations and keys",
  admin: "manages people, rules and all that concerns the whole",
};

export const usersQuery = infiniteQueryOptions({
  queryKey: ["users", "list"],
  queryFn: ({ pageParam, signal }) =>
    bodyOf(
      api.GET("/api/v1/users", {
        params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

const changed = () => queryClient.invalidateQueries({ queryKey: ["users"] });
const of = (user: User) => ({ path: { user_id: user.id } });
const once = (key: string) => ({ header: { "Idempotency-Key": key } });

export async function addUser(body: Schema<"UserIn">, key: string) {
  const user = await bodyOf(api.POST("/api/v1/users", { params: once(key), body }));
  await changed();
  return user;
}

export async function editUser(user: User, changes: Omit<Schema<"UserPatch">, "revoke_keys">) {
  const body = { ...changes, revoke_keys: false };
  const edited = await bodyOf(api.PATCH("/api/v1/users/{user_id}", { params: of(user), body }));
  await changed();
  return edited;
}

export async function removeUser(user: User, revokeKeys: boolean) {
  await api.DELETE("/api/v1/users/{user_id}", { params: { ...of(user), query: { revoke_keys: revokeKeys } } });
  await changed();
}

/** A link by which they set a password; it is shown this once. */
export const passwordLink = (user: User, key: string) =>
  bodyOf(api.POST("/api/v1/users/{user_id}/password-link", { params: { ...of(user), ...once(key) } }));

export async function resetFactor(user: User) {
  await api.DELETE("/api/v1/users/{user_id}/totp", { params: of(user) });
  await changed();
}

export async function signOutEverywhere(user: User) {
  await api.DELETE("/api/v1/users/{user_id}/sessions", { params: of(user) });
  await changed();
}
