import type { Action } from "@/keyboard/keyboard";
import { DENSITIES, DENSITY_NAMES, type Density } from "./preferences";

/** Choosing how high rows are. A list with a height of its own offers the same for itself. */
export const densityActions = (density: { shown: Density; choose: (density: Density) => void }): Action[] =>
  DENSITIES.map((name) => ({
    id: `density.${name}`,
    title: `Density: ${DENSITY_NAMES[name].toLowerCase()}`,
    section: "Appearance",
    unavailable: name === density.shown ? "in use" : null,
    run: () => density.choose(name),
  }));
