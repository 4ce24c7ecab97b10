import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useBundle, useBundleActions } from "@/features/bundle/useBundle";
import { useUndo } from "@/features/journal/useUndo";
import type { Host, SavedView } from "@/ipc";
import type { ArgumentChoice } from "@/keyboard/arguments";
import type { Action } from "@/keyboard/keyboard";
import { plural } from "@/lib/format";
import { densityActions } from "./densityActions";
import { DEMO, useFeedControl } from "./feedControl";
import { preferences, THEME_NAMES, THEMES, usePreferences } from "./preferences";
import { asks, useFeed } from "./queries";
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

/** Moves the focus between the big parts of the window, for people who cannot point. */
function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const inner = next?.querySelector<HTMLElement>("[data-region-focus],button,a[href],[tabindex='0']");
  (inner ?? next)?.focus();
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
  const connections = useQuery(asks.connections(host)).data ?? [];
  const bundleActions = useBundleActions();
  const ofWindow = useWindowActions();
  const inBundle = useBundle().info === null ? null : "a bundle is open";
  const { theme, density } = usePreferences();
  const running = feed !== undefined && feed.state !== "off" && feed.state !== "failed";

  const go: Action[] = [
    {
      id: "go.inbox",
      title: "Go to Inbox",
      section: "Go to",
      keys: ["g i"],
      run: () => void navigate(inbox.link()),
    },
    {
      id: "go.live",
      title: "Go to Live",
      section: "Go to",
      keys: ["g l"],
      run: () => void navigate({ to: "/live" }),
    },
    {
      id: "go.dead-letters",
      title: "Go to Dead letters",
      section: "Go to",
      keys: ["g d"],
      run: () => void navigate({ to: "/dead-letters" }),
    },
    {
      id: "go.outcomes",
      title: "Go to Outcomes",
      section: "Go to",
      keys: ["g o"],
      run: () => void navigate({ to: "/dead-letters", search: { tab: "outcomes" } }),
    },
    {
      id: "go.jobs",
      title: "Go to Jobs",
      section: "Go to",
      keys: ["g j"],
      run: () => void navigate({ to: "/jobs" }),
    },
    {
      id: "go.journal",
      title: "Go to the journal",
      section: "Go to",
      keys: ["g u"],
      run: () => void navigate({ to: "/journal" }),
    },
    {
      id: OPEN_VIEW,
      title: "Open a view…",
      section: "Go to",
      keys: ["g v"],
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
      id: "go.connections",
      title: "Go to Connections",
      section: "Go to",
      keys: ["g c"],
      run: () => void navigate({ to: "/connections" }),
    },
    {
      id: "go.settings",
      title: "Go to Settings",
      section: "Go to",
      keys: ["g s", "$mod+,"],
      inTextFields: true,
      run: () => void navigate({ to: "/settings" }),
    },
  ];

  const windowActions: Action[] = [
    {
      id: "palette",
      title: "Open the command palette",
      section: "Window",
      keys: ["$mod+k"],
      inTextFields: true,
      inPalette: false,
      run: () => open.openPalette(),
    },
    {
      id: "help",
      title: "Show the keys of this screen",
      section: "Window",
      keys: ["[Shift]+?"],
      run: open.openHelp,
    },
    {
      id: "back",
      title: "Back",
      section: "Window",
      keys: ["Alt+ArrowLeft"],
      run: () => router.history.back(),
    },
    {
      id: "forward",
      title: "Forward",
      section: "Window",
      keys: ["Alt+ArrowRight"],
      run: () => router.history.forward(),
    },
    {
      id: "region.next",
      title: "Next part of the window",
      section: "Window",
      keys: ["F6"],
      inTextFields: true,
      inPalette: false,
      run: () => moveRegion(1),
    },
    {
      id: "region.previous",
      title: "Previous part of the window",
      section: "Window",
      keys: ["Shift+F6"],
      inTextFields: true,
      inPalette: false,
      run: () => moveRegion(-1),
    },
  ];

  const journal: Action[] = [
    {
      id: "undo",
      title: "Undo",
      section: "Journal",
      keys: ["$mod+z"],
      run: () => {
        // Where the list is not on screen, nobody would see that the selection is back.
        const inList = router.state.location.pathname === "/inbox";
        if (inList && selection.restorable) selection.restore();
        else void undoLast();
      },
    },
    {
      id: "redo",
      title: "Do again",
      section: "Journal",
      keys: ["$mod+Shift+z"],
      run: () => void redoLast(),
    },
  ];

  const look: Action[] = [
    ...THEMES.map((name) => ({
      id: `theme.${name}`,
      title: `Theme: ${THEME_NAMES[name].toLowerCase()}`,
      section: "Appearance",
      unavailable: name === theme ? "in use" : null,
      run: () => preferences.change({ theme: name }),
    })),
    ...densityActions({ shown: density, choose: (next) => preferences.change({ density: next }) }),
  ];

  const feeds: Action[] = [
    {
      id: "feed.stop",
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
      id: "feed.start.demo",
      title: "Start the demo feed",
      section: "Feed",
      unavailable: inBundle ?? (running && feed.connection === DEMO ? "it is running" : null),
      run: () => control.start(DEMO),
    },
    {
      id: "connection.add",
      title: "Add a connection",
      section: "Feed",
      run: () => void navigate({ to: "/connections", search: { new: true } }),
    },
  ];

  return [...go, ...journal, ...feeds, ...bundleActions, ...look, ...ofWindow, ...windowActions];
}
