import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { ConnectionsScreen } from "@/features/connections/ConnectionsScreen";
import { DeadLettersScreen } from "@/features/dead-letters/DeadLettersScreen";
import { LETTER_STATES, type LetterFilterState } from "@/features/dead-letters/LettersView";
import { LiveScreen } from "@/features/feed/LiveScreen";
import { InboxScreen } from "@/features/inbox/InboxScreen";
import { IssueScreen } from "@/features/issue/IssueScreen";
import { JobsScreen } from "@/features/jobs/JobsScreen";
import { JournalScreen } from "@/features/journal/JournalScreen";
import { SettingsScreen } from "@/features/settings/SettingsScreen";
import { TriageScreen } from "@/features/triage-mode/TriageScreen";
import { DEFAULT_ORDER, knownOrder } from "./order";
import { knownGrouping, type ListSearch, listSearch } from "./place";
import { Shell } from "./Shell";

/** The query a list starts with: what waits for somebody. */
export const DEFAULT_QUERY = "is:unresolved";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

const root = createRootRoute({ component: Shell });

const index = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", search: { q: DEFAULT_QUERY, sort: DEFAULT_ORDER }, replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: (search): ListSearch =>
    listSearch({
      q: text(search.q) ?? "",
      sort: knownOrder(search.sort),
      group: knownGrouping(search.group),
      view: typeof search.view === "number" ? String(search.view) : text(search.view),
    }),
  component: InboxScreen,
});

const issue = createRoute({
  getParentRoute: () => root,
  path: "/issue/$id",
  validateSearch: (search): { occ?: string } => {
    const occ = text(search.occ);
    return occ === undefined ? {} : { occ };
  },
  component: IssueScreen,
});

const live = createRoute({ getParentRoute: () => root, path: "/live", component: LiveScreen });

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: "/dead-letters",
  /** `state` is `new` unless given, `reason` any; `tab` shows how all records ended. */
  validateSearch: (search): { state?: LetterFilterState; reason?: string; tab?: "outcomes" } => {
    if (search.tab === "outcomes") return { tab: "outcomes" };
    const state = LETTER_STATES.find((known) => known === search.state);
    const reason = text(search.reason);
    return { ...(state && state !== "new" ? { state } : {}), ...(reason ? { reason } : {}) };
  },
  component: DeadLettersScreen,
});

const jobs = createRoute({ getParentRoute: () => root, path: "/jobs", component: JobsScreen });

const journal = createRoute({ getParentRoute: () => root, path: "/journal", component: JournalScreen });

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  /** `name` opens a saved connection, `new` an empty form. */
  validateSearch: (search): { name?: string; new?: true } => {
    const name = text(search.name);
    if (search.new === true) return { new: true };
    return name === undefined ? {} : { name };
  },
  component: ConnectionsScreen,
});

const triage = createRoute({ getParentRoute: () => root, path: "/triage", component: TriageScreen });

const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsScreen });

const routeTree = root.addChildren([
  index,
  inbox,
  issue,
  live,
  deadLetters,
  jobs,
  journal,
  connections,
  triage,
  settings,
]);

/**
 * Places live in the URL's fragment: the page is served by a custom protocol, where a reload of a deep path would
 * depend on how the shell answers unknown files.
 */
export function createAppRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({
    routeTree,
    history,
    defaultPreload: false,
    // Lists restore their own scroll place, by row.
    scrollRestoration: false,
  });
}

/** The router of the window. */
export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
  interface HistoryState {
    /** Set on places that were opened from the list, so that Esc can go back instead of forward. */
    fromInbox?: boolean;
    /** The same, of those that were opened from triage mode. */
    fromTriage?: boolean;
  }
}
