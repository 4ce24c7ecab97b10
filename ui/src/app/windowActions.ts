import { useLocation, useRouter } from "@tanstack/react-router";
import type { Action } from "@/keyboard/keyboard";
import { isLinked } from "@/keyboard/paletteModes";
import { formatPercent } from "@/lib/format";
import { preferences, usePreferences, ZOOMS } from "./preferences";
import { useServices } from "./services";
import { useOpenWindow } from "./useOpenWindow";

const SECTION = "Appearance";

/** A link to a place of the router; the command palette takes it. */
export const placeLink = (href: string) => `picket:/${href}`;

/** What the window itself can do: how large and how wide it is drawn, and a link to what it shows. */
export function useWindowActions(): Action[] {
  const { announcer, toasts } = useServices();
  const { zoom, railWide } = usePreferences();
  const router = useRouter();
  const openWindow = useOpenWindow();
  const canLink = useLocation({ select: ({ pathname }) => isLinked(placeLink(pathname)) });
  const at = ZOOMS.indexOf(zoom);
  const zoomTo = (next: number | undefined) => {
    if (next === undefined) return;
    preferences.change({ zoom: next });
    announcer.say(`Zoom ${formatPercent(next)}`);
  };
  const copyLink = () =>
    navigator.clipboard.writeText(placeLink(router.state.location.href)).then(
      () =>
        toasts.done("Copied a link to what is on screen", { detail: "Paste it into the command palette" }),
      (error: unknown) => toasts.failed("The link could not be copied", error, () => void copyLink()),
    );
  return [
    {
      id: "window.copy-link",
      title: "Copy a link to what is on screen",
      section: "Copy",
      keys: ["$mod+Shift+c"],
      inTextFields: true,
      // A run of triage mode is part of this window, and none of another one.
      unavailable: canLink ? null : "no link leads to this screen; link to an issue or to the list",
      run: () => void copyLink(),
    },
    {
      id: "window.new",
      title: "Open this in a new window",
      section: "Go to",
      keys: ["$mod+Enter"],
      unavailable: canLink ? null : "no link leads to this screen",
      run: () => openWindow(router.state.location.href),
    },
    {
      id: "window.rail",
      title: railWide ? "Make the rail narrow" : "Make the rail wide",
      section: SECTION,
      keys: ["$mod+b"],
      inTextFields: true,
      run: () => preferences.change({ railWide: !railWide }),
    },
    {
      id: "window.zoom-in",
      title: "Zoom in",
      section: SECTION,
      // By the place of the sign, and where a layout has it as a plus.
      keys: ["$mod+=", "$mod++", "$mod+[Shift]+Equal", "$mod+NumpadAdd"],
      inTextFields: true,
      unavailable: ZOOMS[at + 1] === undefined ? `it is ${formatPercent(zoom)}, the most` : null,
      run: () => zoomTo(ZOOMS[at + 1]),
    },
    {
      id: "window.zoom-out",
      title: "Zoom out",
      section: SECTION,
      keys: ["$mod+-", "$mod+NumpadSubtract"],
      inTextFields: true,
      unavailable: ZOOMS[at - 1] === undefined ? `it is ${formatPercent(zoom)}, the least` : null,
      run: () => zoomTo(ZOOMS[at - 1]),
    },
    {
      id: "window.zoom-reset",
      title: "Zoom back to 100 %",
      section: SECTION,
      keys: ["$mod+0", "$mod+Numpad0"],
      inTextFields: true,
      unavailable: zoom === 1 ? "it is 100 %" : null,
      run: () => zoomTo(1),
    },
  ];
}
