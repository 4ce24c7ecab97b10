import { useLocation, useRouter } from "@tanstack/react-router";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { isLinked } from "@/keyboard/paletteModes";
import { formatPercent } from "@/lib/format";
import { preferences, usePreferences, ZOOMS } from "./preferences";
import { useServices } from "./services";
import { useOpenWindow } from "./useOpenWindow";

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
    announcer.say(`Zoom ${formatPercent(next)}`, "zoom");
  };
  const copyLink = () =>
    navigator.clipboard.writeText(placeLink(router.state.location.href)).then(
      () =>
        toasts.done("Copied a link to what is on screen", { detail: "Paste it into the command palette" }),
      (error: unknown) => toasts.failed("The link could not be copied", error, () => void copyLink()),
    );
  return [
    {
      ...fromCatalogue("window.copy-link"),
      inTextFields: true,
      // A run of triage mode is part of this window, and none of another one.
      unavailable: canLink ? null : "no link leads to this screen; link to an issue or to the list",
      run: () => void copyLink(),
    },
    {
      ...fromCatalogue("window.new"),
      unavailable: canLink ? null : "no link leads to this screen",
      run: () => openWindow(router.state.location.href),
    },
    {
      ...fromCatalogue("window.rail"),
      title: railWide ? "Make the rail narrow" : "Make the rail wide",
      inTextFields: true,
      run: () => preferences.change({ railWide: !railWide }),
    },
    {
      ...fromCatalogue("window.zoom-in"),
      inTextFields: true,
      unavailable: ZOOMS[at + 1] === undefined ? `it is ${formatPercent(zoom)}, the most` : null,
      run: () => zoomTo(ZOOMS[at + 1]),
    },
    {
      ...fromCatalogue("window.zoom-out"),
      inTextFields: true,
      unavailable: ZOOMS[at - 1] === undefined ? `it is ${formatPercent(zoom)}, the least` : null,
      run: () => zoomTo(ZOOMS[at - 1]),
    },
    {
      ...fromCatalogue("window.zoom-reset"),
      inTextFields: true,
      unavailable: zoom === 1 ? "it is 100 %" : null,
      run: () => zoomTo(1),
    },
  ];
}
