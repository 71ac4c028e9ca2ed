import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queueSearch } from "@/features/queue/search";
import { startList } from "@/features/queue/start";
import { rulesSearch } from "@/features/rules/search";
import { whenRefused } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { queryClient } from "@/shared/api/query-client";
import { meQuery, renewMe } from "@/shared/api/session";
import { arriving } from "@/shared/ui/arriving";
import { Crashed } from "./crashed";
import { NotFound } from "./not-found";
import { QueuePage } from "./pages/queue";
import { Shell } from "./shell";

const root = createRootRouteWithContext()({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => arriving(() => import("./pages/sign-in")), "SignInPage"),
});

/** Where one signs in, and comes back from to what stands in the address bar. */
function signInAddress(ended: boolean) {
  const here = location.pathname + location.search;
  const asked = new URLSearchParams({ ...(here === "/" ? {} : { next: here }), ...(ended ? { ended: "1" } : {}) });
  return `/sign-in${asked.size ? `?${asked}` : ""}`;
}

whenRefused(() => location.assign(signInAddress(queryClient.getQueryData(meQuery.queryKey) !== undefined)), renewMe);

/** Everything that asks for a sign-in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: Shell,
  beforeLoad: async ({ location: { pathname, search } }) => {
    // Beside the question who it is, not after its answer: the list is what takes longest.
    if (pathname === "/" && !queryClient.getQueryData(meQuery.queryKey)) startList(search);
    try {
      await queryClient.query({ ...meQuery, staleTime: "static" });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ href: signInAddress(false), reloadDocument: true });
      throw error;
    }
  },
});

const queue = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  validateSearch: queueSearch,
  component: QueuePage,
});
const task = createRoute({
  getParentRoute: () => signedIn,
  path: "/tasks/$taskId",
  params: {
    parse: ({ taskId }) => ({ taskId: Number(taskId) }),
    stringify: ({ taskId }) => ({ taskId: String(taskId) }),
  },
  component: lazyRouteComponent(() => arriving(() => import("./pages/task")), "TaskPage"),
});
const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: "/integrations",
  component: lazyRouteComponent(() => arriving(() => import("./pages/integrations")), "IntegrationsPage"),
});
const integration = createRoute({
  getParentRoute: () => signedIn,
  path: "/integrations/$integrationId",
  params: {
    parse: ({ integrationId }) => ({ integrationId: Number(integrationId) }),
    stringify: ({ integrationId }) => ({ integrationId: String(integrationId) }),
  },
  component: lazyRouteComponent(() => arriving(() => import("./pages/integrations")), "IntegrationPage"),
});
const rules = createRoute({
  getParentRoute: () => signedIn,
  path: "/rules/{-$tab}",
  validateSearch: rulesSearch,
  component: lazyRouteComponent(() => arriving(() => import("./pages/rules")), "RulesPage"),
});
const watch = createRoute({
  getParentRoute: () => signedIn,
  path: "/watch/{-$tab}",
  component: lazyRouteComponent(() => arriving(() => import("./pages/watch")), "WatchPage"),
});
const people = createRoute({
  getParentRoute: () => signedIn,
  path: "/people",
  component: lazyRouteComponent(() => arriving(() => import("./pages/people")), "PeoplePage"),
});
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/{-$tab}",
  component: lazyRouteComponent(() => arriving(() => import("./pages/settings")), "SettingsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signedIn.addChildren([queue, task, integrations, integration, rules, watch, people, settings]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  // The library merges its own interface of this name with it.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Register {
    router: typeof router;
  }
}
