import type { Argument } from "./arguments";

/** A line of the palette. */
export interface Hit {
  id: string;
  title: string;
  /** What kind of thing it is. */
  section: string;
  keys?: string;
  /** Why it cannot be chosen now. */
  unavailable?: string | null;
  /** Places of the letters of the title that answer what was typed. */
  positions: readonly number[];
  /** What it can be told first. */
  argument?: Argument;
  run: () => void;
}

/** What was found, and whether more is on its way. */
export interface Hits {
  hits: readonly Hit[];
  busy: boolean;
  error: unknown;
  /** What a screen without a hit says. */
  none: string;
}
