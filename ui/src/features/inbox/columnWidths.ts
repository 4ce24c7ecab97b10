import { readStored, writeStored } from "@/lib/persist";
import { createValueStore } from "@/lib/valueStore";
import { LIST_COLUMNS, type ListColumn } from "./listColumns";

/** Widths that were chosen, in pixels; the other columns have those of the style sheet. */
export type ColumnWidths = Readonly<Partial<Record<ListColumn, number>>>;

/** Bounds of a column, in pixels. */
export const COLUMN_WIDTHS = { least: 40, most: 480 } as const;

const KEY = "picket.column-widths";
const NONE: ColumnWidths = {};

const bounded = (width: number) =>
  Math.min(COLUMN_WIDTHS.most, Math.max(COLUMN_WIDTHS.least, Math.round(width)));

/** Stored widths, as far as this version knows the columns. */
export function acceptWidths(value: unknown): ColumnWidths | null {
  if (typeof value !== "object" || value === null) return null;
  const known = Object.entries(value).filter(
    ([name, width]) => name in LIST_COLUMNS && typeof width === "number" && Number.isFinite(width),
  );
  return Object.fromEntries(known.map(([name, width]) => [name, bounded(width)]));
}

type Kept = ReadonlyMap<string, ColumnWidths>;

/** The list without a view has widths, too. */
const NO_VIEW = "";

/** What an earlier run kept. One that knew no views kept the widths of all lists in one. */
export function acceptKept(value: unknown): Kept | null {
  if (typeof value !== "object" || value === null) return null;
  const lists = Object.entries(value).filter(([, widths]) => typeof widths === "object" && widths !== null);
  if (lists.length === 0) return new Map([[NO_VIEW, acceptWidths(value) ?? {}]]);
  return new Map(lists.map(([view, widths]) => [view, acceptWidths(widths) ?? {}]));
}

/** The widths of a view, or without one of the other lists. A view has those of these until it gets its own. */
export const widthsIn = (kept: Kept, view: string = NO_VIEW): ColumnWidths =>
  kept.get(view) ?? kept.get(NO_VIEW) ?? NONE;

/**
 * Widths of columns, those of each view for itself. They are kept on this device and not in the view, because what fits
 * depends on its screen: a view that came from another one would bring widths that nobody here has chosen.
 */
export class DeviceWidths {
  readonly all = createValueStore<Kept>(readStored(KEY, acceptKept) ?? new Map());

  /** The widths of a view, or without one of the other lists. */
  of(view?: string): ColumnWidths {
    return widthsIn(this.all.get(), view);
  }

  /** Gives a column a width, or with null its usual one. Answers the width it has got. */
  choose(name: ListColumn, width: number | null, view: string = NO_VIEW): number | null {
    const { [name]: _, ...others } = this.of(view);
    const got = width === null ? null : bounded(width);
    this.put(view, got === null ? others : { ...others, [name]: got });
    return got;
  }

  /** A new view has the widths of the list it was made from, and nothing of one that had its id before. */
  begin(view: string, from: string = NO_VIEW): void {
    this.put(view, this.all.get().get(from));
  }

  private put(view: string, widths: ColumnWidths | undefined): void {
    const next = new Map(this.all.get());
    if (widths) next.set(view, widths);
    else next.delete(view);
    this.all.set(next);
    writeStored(KEY, Object.fromEntries(next));
  }
}

/** The chosen widths as properties that the style sheet reads. */
export const widthProperties = (widths: ColumnWidths): Record<string, string> =>
  Object.fromEntries(Object.entries(widths).map(([name, width]) => [`--width-${name}`, `${width}px`]));
