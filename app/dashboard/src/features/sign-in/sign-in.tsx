import { Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useState } from "react";
import type { ApiError } from "@/shared/api/errors";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { AccountForm } from "./account-form";
import { destination } from "./address";
import { Already, OtherWays } from "./other-ways";
import { ForgotForm, ResetForm } from "./password-forms";
import classes from "./sign-in.module.css";
import { goOn, plainly, useArrival, type View } from "./use-arrival";

const TITLES: Record<View, string> = {
  busy: "Sign in",
  "sign-in": "Sign in",
  forgot: "Forgot your password?",
  reset: "Set a new password",
};

/** By password and code, by a link that is good once, by a provider; and setting a new password. */
export function SignIn() {
  const { view, show, notice, tell, ways, reset, already, next } = useArrival();
  const [email, setEmail] = useState("");
  useDocumentTitle(`${TITLES[view]} · Watchfloor`);

  const on = (refused?: string) => ({
    onBegin: () => tell(null),
    onFailed: (error: ApiError) => tell({ problem: plainly(error, refused) }),
  });
  const back = (sentence?: string) => () => {
    tell(sentence === undefined ? null : { sentence });
    show("sign-in");
  };

  return (
    <main id="main" className={classes.page}>
      <p className={classes.brand}>
        <img src="/icon.svg" alt="" width={28} height={28} /> Watchfloor
      </p>
      <Title order={1} id="title" size="h2">
        {TITLES[view]}
      </Title>
      {notice && "problem" in notice && <ProblemPanel error={notice.problem} onRetry={notice.retry} />}
      {notice && "sentence" in notice && (
        <p className={classes.note} role="status">
          {notice.sentence}
        </p>
      )}
      {view === "busy" && <p role="status">One moment</p>}
      {already && <Already email={already.email} next={destination(next, location)} focused={already.focused} />}
      {view === "sign-in" && (
        <>
          <AccountForm email={email} onEmail={setEmail} onSignedIn={() => goOn(next)} {...on()} />
          <OtherWays
            ways={ways}
            next={next ?? "/"}
            onForgot={() => {
              tell(null);
              show("forgot");
            }}
          />
        </>
      )}
      {view === "forgot" && (
        <ForgotForm
          email={email}
          onEmail={setEmail}
          onBack={back()}
          onDone={back(
            "If there is an account of that address, a link is on its way to it. It is good for a short time.",
          )}
          {...on()}
        />
      )}
      {view === "reset" && (
        <ResetForm
          token={reset}
          shortest={ways?.password_shortest ?? null}
          onBack={back()}
          onDone={back("Your new password is set. Sign in with it.")}
          {...on("The password is not set")}
        />
      )}
    </main>
  );
}
