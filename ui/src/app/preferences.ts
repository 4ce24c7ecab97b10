import type { RowDensity } from "@/ipc";
import { knownBindings, knownPreset } from "@/keyboard/keymap";
import type { Bindings, Preset } from "@/keyboard/presets";
import { readStored, writeStored } from "@/lib/persist";
import { createValueStore, useValue } from "@/lib/valueStore";

export const THEMES = ["system", "dark", "light", "contrast-dark", "contrast-light"] as const;
export const DENSITIES = ["compact", "cosy", "comfortable"] as const satisfies readonly RowDensity[];
export type Theme = (typeof THEMES)[number];
export type Density = RowDensity;

/** Choices of the user that belong to this device and not to the store. */
export interface Preferences {
  theme: Theme;
  density: Density;
  /** Counters of visible rows follow the feed. */
  liveRows: boolean;
  /** A valid query runs without Enter. */
  runWhileTyping: boolean;
  /** The issue under the cursor is shown beside the list. */
  preview: boolean;
  /** Where that panel is. */
  previewSide: PanelSide;
  /** Its width on the right in pixels, within {@link PANEL_SIZES}. */
  previewWidth: number;
  /** Its height at the bottom in pixels, within {@link PANEL_SIZES}. */
  previewHeight: number;
  /** Letters and signs without modifier act. */
  singleKeys: boolean;
  /** Which set of keys actions have. */
  keyPreset: Preset;
  /** Actions that have other keys than in the preset. */
  keyBindings: Bindings;
  /** The window is drawn this many times as large; one of {@link ZOOMS}. */
  zoom: number;
  /** The rail has room for its words beside their signs. */
  railWide: boolean;
  /** How long messages stay, in milliseconds; one of {@link MESSAGE_TIMES}, where 0 is until they are dismissed. */
  messageTime: number;
  /** Id of the view that is shown at launch; null for the place that was left. */
  startView: string | null;
}

export const THEME_NAMES: Record<Theme, string> = {
  system: "System",
  dark: "Dark",
  light: "Light",
  "contrast-dark": "High contrast dark",
  "contrast-light": "High contrast light",
};

export const DENSITY_NAMES: Record<Density, string> = {
  compact: "Compact",
  cosy: "Cosy",
  comfortable: "Comfortable",
};

/** Height of a list row. Fixed per density, so that a row's place is arithmetic. */
export const ROW_HEIGHT: Record<Density, number> = { compact: 28, cosy: 44, comfortable: 60 };

/** Where the panel of the list can be. */
export const PANEL_SIDES = ["right", "bottom"] as const;
export type PanelSide = (typeof PANEL_SIDES)[number];

/** Bounds of its width on the right and of its height at the bottom, in pixels. */
export const PANEL_SIZES: Record<PanelSide, { least: number; most: number }> = {
  right: { least: 320, most: 720 },
  bottom: { least: 140, most: 640 },
};

/** How large the window can be drawn, where 1 is its natural size. */
export const ZOOMS: readonly number[] = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];

/** How long a message can stay, in milliseconds; 0 is until it is dismissed. */
export const MESSAGE_TIMES: readonly number[] = [5_000, 10_000, 30_000, 0];

/** `public/theme.js` reads the same key before the first paint. */
const KEY = "picket.preferences";

const DEFAULTS: Preferences = {
  theme: "system",
  density: "cosy",
  liveRows: true,
  runWhileTyping: true,
  preview: false,
  previewSide: "right",
  previewWidth: 400,
  previewHeight: 300,
  singleKeys: true,
  keyPreset: "picket",
  keyBindings: {},
  zoom: 1,
  railWide: false,
  messageTime: 10_000,
  startView: null,
};

/** A word for the height of rows, as far as this version knows it. */
export const knownDensity = (word: unknown): Density | null =>
  DENSITIES.find((density) => density === word) ?? null;

function accept(value: unknown): Preferences | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Partial<Preferences>;
  const flag = (given: unknown, fallback: boolean) => (typeof given === "boolean" ? given : fallback);
  const size = (given: unknown, { least, most }: { least: number; most: number }, fallback: number) =>
    typeof given === "number" && given >= least && given <= most ? given : fallback;
  return {
    theme: THEMES.find((theme) => theme === stored.theme) ?? DEFAULTS.theme,
    density: knownDensity(stored.density) ?? DEFAULTS.density,
    liveRows: flag(stored.liveRows, DEFAULTS.liveRows),
    runWhileTyping: flag(stored.runWhileTyping, DEFAULTS.runWhileTyping),
    preview: flag(stored.preview, DEFAULTS.preview),
    previewSide: PANEL_SIDES.find((side) => side === stored.previewSide) ?? DEFAULTS.previewSide,
    previewWidth: size(stored.previewWidth, PANEL_SIZES.right, DEFAULTS.previewWidth),
    previewHeight: size(stored.previewHeight, PANEL_SIZES.bottom, DEFAULTS.previewHeight),
    singleKeys: flag(stored.singleKeys, DEFAULTS.singleKeys),
    keyPreset: knownPreset(stored.keyPreset) ?? DEFAULTS.keyPreset,
    keyBindings: knownBindings(stored.keyBindings),
    zoom: ZOOMS.find((zoom) => zoom === stored.zoom) ?? DEFAULTS.zoom,
    railWide: flag(stored.railWide, DEFAULTS.railWide),
    messageTime: MESSAGE_TIMES.find((time) => time === stored.messageTime) ?? DEFAULTS.messageTime,
    startView: typeof stored.startView === "string" ? stored.startView : DEFAULTS.startView,
  };
}

const store = createValueStore<Preferences>(readStored(KEY, accept) ?? DEFAULTS);

/** The preferences, kept current. */
export function usePreferences(): Preferences {
  return useValue(store);
}

export const preferences = {
  get: store.get,
  subscribe: store.subscribe,
  change(change: Partial<Preferences>): void {
    // Another window may have changed some meanwhile.
    store.set((current) => ({ ...(readStored(KEY, accept) ?? current), ...change }));
    writeStored(KEY, store.get());
    applyTheme();
  },
};

function systemTheme(): Theme {
  const base = window.matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  return window.matchMedia("(prefers-contrast: more)").matches ? `contrast-${base}` : base;
}

// What another window changes holds in this one, too.
window.addEventListener("storage", ({ key }) => {
  const stored = key === KEY ? readStored(KEY, accept) : null;
  if (!stored) return;
  store.set(stored);
  applyTheme();
});

/** Grows with each change of theme, for canvases that have to read the tokens again. */
export const themeVersion = createValueStore(0);

function applyTheme(): void {
  const { theme } = store.get();
  const resolved = theme === "system" ? systemTheme() : theme;
  if (document.documentElement.dataset.theme === resolved) return;
  document.documentElement.dataset.theme = resolved;
  themeVersion.set((n) => n + 1);
}

/** Keeps the page's theme in step with the setting and with the desktop. */
export function followTheme(): void {
  applyTheme();
  for (const query of ["(prefers-color-scheme: light)", "(prefers-contrast: more)"]) {
    window.matchMedia(query).addEventListener("change", applyTheme);
  }
}
