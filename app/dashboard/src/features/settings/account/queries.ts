import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { renewMe } from "@/shared/api/session";

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/auth/sessions", { signal })),
});

const once = (key: string) => ({ params: { header: { "Idempotency-Key": key } } });
const sessionsChanged = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });

export async function rename(name: string) {
  await api.PATCH("/api/v1/auth/me", { body: { name } });
  await renewMe();
}

/** All other sessions end. Returns how many keys of theirs are still good. */
export async function changePassword(body: Schema<"PasswordChange">, key: string) {
  const { keys } = await bodyOf(api.POST("/api/v1/auth/password", { ...once(key), body }));
  await Promise.all([renewMe(), sessionsChanged()]);
  return keys;
}

export const proposeCode = (password: string, key: string) =>
  bodyOf(api.POST("/api/v1/auth/totp", { ...once(key), body: { password: password || null } }));

export async function confirmCode(code: string, key: string) {
  const { recovery_codes } = await bodyOf(api.POST("/api/v1/auth/totp/confirm", { ...once(key), body: { code } }));
  await Promise.all([renewMe(), sessionsChanged()]);
  return recovery_codes;
}

export async function switchCodeOff(password: string, key: string) {
  await api.POST("/api/v1/auth/totp/switch-off", { ...once(key), body: { password: password || null } });
  await renewMe();
}

export async function endSession(id: number) {
  await api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: id } } });
  await sessionsChanged();
}

export async function endOtherSessions() {
  await api.DELETE("/api/v1/auth/sessions");
  await sessionsChanged();
}
