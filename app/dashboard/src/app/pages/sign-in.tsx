import { Page } from "@/shared/ui/page";

export function SignInPage() {
  return <Page title="SignIn">{null}</Page>;
}
