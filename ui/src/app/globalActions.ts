import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useUndo } from "@/features/journal/useUndo";
import type { Action } from "@/keyboard/keyboard";
import { DEMO, useFeedControl } from "./feedControl";
import { DENSITIES, DENSITY_NAMES, preferences, THEME_NAMES, THEMES, usePreferences } from "./preferences";
import { asks, useFeed } from "./queries";
import { useServices } from "./services";

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
export function useGlobalActions(open: { openPalette: () => void; openHelp: () => void }): Action[] {
  const { host, inbox, selection } = useServices();
  const { undoLast, redoLast } = useUndo();
  const navigate = useNavigate();
  const router = useRouter();
  const feed = useFeed();
  const control = useFeedControl();
  const connections = useQuery(asks.connections(host)).data ?? [];
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
      run: open.openPalette,
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
    ...DENSITIES.map((name) => ({
      id: `density.${name}`,
      title: `Density: ${DENSITY_NAMES[name].toLowerCase()}`,
      section: "Appearance",
      unavailable: name === density ? "in use" : null,
      run: () => preferences.change({ density: name }),
    })),
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
      unavailable: running && feed.connection === connection.name ? "it is running" : null,
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
      unavailable: running && feed.connection === DEMO ? "it is running" : null,
      run: () => control.start(DEMO),
    },
    {
      id: "connection.add",
      title: "Add a connection",
      section: "Feed",
      run: () => void navigate({ to: "/connections", search: { new: true } }),
    },
  ];

  return [...go, ...journal, ...feeds, ...look, ...windowActions];
}
