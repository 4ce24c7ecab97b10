import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useBundle, useBundleActions } from "@/features/bundle/useBundle";
import { useUndo } from "@/features/journal/useUndo";
import type { Host, SavedView } from "@/ipc";
import type { ArgumentChoice } from "@/keyboard/arguments";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { plural } from "@/lib/format";
import { densityActions } from "./densityActions";
import { DEMO, useFeedControl } from "./feedControl";
import { useFeedHold } from "./feedHold";
import { preferences, THEMES, usePreferences } from "./preferences";
import { asks, useFeed } from "./queries";
import { moveRegion } from "./regions";
import { useServices } from "./services";
import { viewSearch } from "./viewPlace";
import { useWindowActions } from "./windowActions";

/** The command that asks for a view. */
const OPEN_VIEW = "go.view";

/** All views, with how many issues each holds. */
async function viewChoices(host: Host, open: (view: SavedView) => void): Promise<ArgumentChoice[]> {
  const views = await host.views();
  const counts = await host.viewCounts(views.map(({ id }) => id));
  return views.map((view) => {
    const { id, name } = view;
    const total = counts.find((count) => count.id === id)?.total;
    return {
      id,
      title: name,
      note: total === null || total === undefined ? "its search cannot be run" : plural(total, "issue"),
      run: () => open(view),
    };
  });
}

/** Actions that work on every screen. */
export function useGlobalActions(open: {
  /** `start`: a command whose argument is asked for at once. */
  openPalette: (start?: string) => void;
  openHelp: () => void;
}): Action[] {
  const { host, inbox, selection, drafts } = useServices();
  const { undoLast, redoLast } = useUndo();
  const navigate = useNavigate();
  const router = useRouter();
  const feed = useFeed();
  const control = useFeedControl();
  const hold = useFeedHold();
  const connections = useQuery(asks.connections(host)).data ?? [];
  const bundleActions = useBundleActions();
  const ofWindow = useWindowActions();
  const inBundle = useBundle().info === null ? null : "a bundle is open";
  const { theme, density } = usePreferences();
  const running = feed !== undefined && feed.state !== "off" && feed.state !== "failed";

  const go: Action[] = [
    {
      ...fromCatalogue("go.inbox"),
      run: () => void navigate(inbox.link()),
    },
    {
      ...fromCatalogue("go.live"),
      run: () => void navigate({ to: "/live" }),
    },
    {
      ...fromCatalogue("go.dead-letters"),
      run: () => void navigate({ to: "/dead-letters" }),
    },
    {
      ...fromCatalogue("go.outcomes"),
      run: () => void navigate({ to: "/dead-letters", search: { tab: "outcomes" } }),
    },
    {
      ...fromCatalogue("go.jobs"),
      run: () => void navigate({ to: "/jobs" }),
    },
    {
      ...fromCatalogue("go.journal"),
      run: () => void navigate({ to: "/journal" }),
    },
    {
      ...fromCatalogue(OPEN_VIEW),
      argument: {
        label: "Which",
        placeholder: "Name of a view",
        none: "No view is saved yet.",
        required: true,
        choices: () =>
          viewChoices(host, (view) => void navigate({ to: "/inbox", search: viewSearch(view, drafts) })),
      },
      run: () => open.openPalette(OPEN_VIEW),
    },
    {
      ...fromCatalogue("go.connections"),
      run: () => void navigate({ to: "/connections" }),
    },
    {
      ...fromCatalogue("go.settings"),
      inTextFields: true,
      run: () => void navigate({ to: "/settings" }),
    },
  ];

  const windowActions: Action[] = [
    {
      ...fromCatalogue("palette"),
      inTextFields: true,
      inPalette: false,
      run: () => open.openPalette(),
    },
    {
      ...fromCatalogue("help"),
      run: open.openHelp,
    },
    {
      ...fromCatalogue("back"),
      run: () => router.history.back(),
    },
    {
      ...fromCatalogue("forward"),
      run: () => router.history.forward(),
    },
    {
      ...fromCatalogue("region.next"),
      inTextFields: true,
      inPalette: false,
      run: () => moveRegion(1),
    },
    {
      ...fromCatalogue("region.previous"),
      inTextFields: true,
      inPalette: false,
      run: () => moveRegion(-1),
    },
  ];

  const journal: Action[] = [
    {
      ...fromCatalogue("undo"),
      run: () => {
        // Where the list is not on screen, nobody would see that the selection is back.
        const inList = router.state.location.pathname === "/inbox";
        if (inList && selection.restorable) selection.restore();
        else void undoLast();
      },
    },
    {
      ...fromCatalogue("redo"),
      run: () => void redoLast(),
    },
  ];

  const look: Action[] = [
    ...THEMES.map((name) => ({
      ...fromCatalogue(`theme.${name}`),
      unavailable: name === theme ? "in use" : null,
      run: () => preferences.change({ theme: name }),
    })),
    ...densityActions({ shown: density, choose: (next) => preferences.change({ density: next }) }),
  ];

  const feeds: Action[] = [
    hold,
    {
      ...fromCatalogue("feed.stop"),
      title: running ? `Stop the feed of ${feed.connection}` : "Stop the feed",
      section: "Feed",
      unavailable: running ? null : "no feed is running",
      run: control.stop,
    },
    ...connections.map((connection) => ({
      id: `feed.start.${connection.name}`,
      title: `Start the feed of ${connection.name}`,
      section: "Feed",
      unavailable: inBundle ?? (running && feed.connection === connection.name ? "it is running" : null),
      run: () => {
        // Production asks first, and the question is part of its screen.
        if (connection.environment === "production") {
          void navigate({ to: "/connections", search: { name: connection.name } });
        } else control.start(connection.name);
      },
    })),
    {
      ...fromCatalogue("feed.start.demo"),
      unavailable: inBundle ?? (running && feed.connection === DEMO ? "it is running" : null),
      run: () => control.start(DEMO),
    },
    {
      ...fromCatalogue("connection.add"),
      run: () => void navigate({ to: "/connections", search: { new: true } }),
    },
  ];

  return [...go, ...journal, ...feeds, ...bundleActions, ...look, ...ofWindow, ...windowActions];
}
