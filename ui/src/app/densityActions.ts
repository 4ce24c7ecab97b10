import type { ViewDensity } from "@/features/views/useViews";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { DENSITIES, type Density } from "./preferences";

/** What the height of rows of a list with none of its own is called. */
export const USUAL_DENSITY = "As in other lists";

/** Choosing how high rows are. A list with a height of its own offers the same for itself. */
export const densityActions = (density: { shown: Density; choose: (density: Density) => void }): Action[] =>
  DENSITIES.map((name) => ({
    ...fromCatalogue(`density.${name}`),
    unavailable: name === density.shown ? "in use" : null,
    run: () => density.choose(name),
  }));

/** The same for the list on screen, which can also go back to the height of others. */
export const listDensityActions = (density: ViewDensity): Action[] => [
  ...densityActions(density),
  {
    ...fromCatalogue("density.usual"),
    unavailable: density.isOwn ? null : "in use",
    run: () => density.choose(null),
  },
];
