import { readStored, writeStored } from "@/lib/persist";
import { createValueStore } from "@/lib/valueStore";
import { LIST_COLUMNS, type ListColumn } from "./listColumns";

/** Widths that were chosen, in pixels; the other columns have those of the style sheet. */
export type ColumnWidths = Readonly<Partial<Record<ListColumn, number>>>;

/** Bounds of a column, in pixels. */
export const COLUMN_WIDTHS = { least: 40, most: 480 } as const;

const KEY = "picket.column-widths";

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

/** Widths of columns, kept on this device: what fits depends on its screen and not on the view. */
export class DeviceWidths {
  readonly all = createValueStore<ColumnWidths>(readStored(KEY, acceptWidths) ?? {});

  /** Gives a column a width, or with null its usual one. Answers the width it has got. */
  choose(name: ListColumn, width: number | null): number | null {
    const { [name]: _, ...others } = this.all.get();
    const got = width === null ? null : bounded(width);
    this.all.set(got === null ? others : { ...others, [name]: got });
    writeStored(KEY, this.all.get());
    return got;
  }
}

/** The chosen widths as properties that the style sheet reads. */
export const widthProperties = (widths: ColumnWidths): Record<string, string> =>
  Object.fromEntries(Object.entries(widths).map(([name, width]) => [`--width-${name}`, `${width}px`]));
