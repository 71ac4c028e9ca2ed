import { bodyOf, open, type Schema } from "@/shared/api/client";
import { ApiError, asApiError } from "@/shared/api/errors";

export type Ways = Schema<"WaysOut">;

export const ways = () => bodyOf(open.GET("/api/v1/auth/ways"));

export const login = (body: Schema<"LoginIn">) => open.POST("/api/v1/auth/login", { body });

export const loginByLink = (token: string) => open.POST("/api/v1/auth/link", { body: { token } });

export const sendLink = (email: string) => open.POST("/api/v1/auth/password/forgot", { body: { email } });

export const setPassword = (token: string, password: string) =>
  open.POST("/api/v1/auth/password/reset", { body: { token, password } });

/** The address of whoever is signed in here already; null where nobody is. */
export async function whoIsHere(): Promise<string | null> {
  const me = await bodyOf(open.GET("/api/v1/auth/me")).catch(() => null);
  return me?.user?.email ?? null;
}

/** Over plain http a browser drops a cookie that needs https, and the next page would ask to sign in once more. */
export async function cookieWasKept(): Promise<void> {
  const refused = await open.GET("/api/v1/auth/me").then(
    () => false,
    (error: unknown) => asApiError(error).status === 401,
  );
  if (!refused) return;
  const detail =
    location.protocol === "http:"
      ? "It needs https: open this page by its https:// address."
      : "Allow cookies for this page, and sign in again.";
  throw new ApiError({ title: "Your browser did not keep the sign-in", detail, status: 400 });
}
