import { EvenRows, type RowLayout } from "@/lib/rowGeometry";
import { type GroupedRow, GroupedRows, heldSizes } from "./groupedRows";
import { groupId } from "./groupings";
import type { ListOrder } from "./listContext";

/** Which issue or header stands in which row: an order, its groups, and which of these are collapsed. */
export class ShownRows {
  readonly layout: RowLayout;
  /** The rows of a grouped list; null in one without groups, where row and index are the same. */
  private readonly grouped: GroupedRows | null;

  /** `collapsed`: ids of groups. */
  constructor(
    readonly order: ListOrder,
    readonly collapsed: ReadonlySet<string>,
    rowHeight: number,
  ) {
    const { ids, groups, about = 0 } = order;
    const sizes = heldSizes(groups, ids.length);
    this.grouped =
      sizes.length === 0 ? null : new GroupedRows(sizes, (group) => this.isCollapsed(group), rowHeight);
    this.layout = this.grouped ?? new EvenRows(Math.max(ids.length, about), rowHeight);
  }

  /** Rows that the cursor can be on: not those that still wait for their issues. */
  get rows(): number {
    return this.grouped?.rows ?? this.order.ids.length;
  }

  /** The row nearest to a wanted one that the cursor can be on; -1 where there is none. */
  nearestRow(row: number): number {
    return Math.min(Math.max(0, row), this.rows - 1);
  }

  /** Groups that have rows. */
  get groups(): number {
    return this.grouped?.groups ?? 0;
  }

  /** What stands in a row of a grouped list; null in one without groups, or where there is no row. */
  groupedAt(row: number): GroupedRow | null {
    return row < 0 || !this.grouped ? null : this.grouped.at(row);
  }

  /** The issue in a row; -1 where the row is a header or there is none. */
  indexAt(row: number): number {
    const at = this.groupedAt(row);
    if (!at) return row;
    return at.kind === "issue" ? at.index : -1;
  }

  /** The group whose header is in a row; null where an issue is. */
  headerAt(row: number): number | null {
    const at = this.groupedAt(row);
    return at?.kind === "group" ? at.group : null;
  }

  /** The issue in a row, on a header the first of its group; -1 where there is no row. */
  nearestIndex(row: number): number {
    const at = this.groupedAt(row);
    if (!at) return row;
    return at.kind === "group" ? this.rangeOf(at.group).start : at.index;
  }

  /** The row of an issue; in a collapsed group that of its header. */
  rowOf(index: number): number {
    return index < 0 || !this.grouped ? index : this.grouped.rowOf(index);
  }

  /** The row of the header of a group. */
  rowOfGroup(group: number): number {
    return this.grouped?.rowOfGroup(group) ?? 0;
  }

  /** The group an issue is in; null in a list without groups. */
  groupOf(index: number): number | null {
    return this.grouped?.groupOf(index) ?? null;
  }

  /** The part of the order that is a group. */
  rangeOf(group: number): { start: number; end: number } {
    const { grouped } = this;
    return { start: grouped?.indexOfGroup(group) ?? 0, end: grouped?.indexOfGroup(group + 1) ?? 0 };
  }

  /** The id of a group. */
  idOf(group: number): string {
    const known = this.order.groups[group];
    return known ? groupId(known) : "";
  }

  isCollapsed(group: number): boolean {
    return this.collapsed.has(this.idOf(group));
  }
}
