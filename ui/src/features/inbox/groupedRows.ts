import type { RowLayout } from "@/lib/rowGeometry";

/** Height of the header of a group, in pixels. */
export const GROUP_HEIGHT = 28;

/** What stands in a row of a grouped list: the header of a group or one of its issues. */
export type GroupedRow = { kind: "group"; group: number } | { kind: "issue"; group: number; index: number };

/**
 * Arithmetic between the rows of a grouped list and the order of its issues: each group has a header and, unless it is
 * collapsed, a row for each of its issues. Groups are kept as sums, so that a step costs a search among the groups and
 * nothing depends on how many issues there are.
 */
export class GroupedRows implements RowLayout {
  readonly rows: number;
  readonly groups: number;
  /** Index of the first issue of each group, and behind the last one the number of issues. */
  private readonly firstIndex: Uint32Array;
  /** Row of each header, and behind the last one the number of rows. */
  private readonly firstRow: Uint32Array;

  /** `sizes`: issues of each group, none of them zero. */
  constructor(
    sizes: readonly number[],
    isCollapsed: (group: number) => boolean,
    readonly rowHeight: number,
  ) {
    this.groups = sizes.length;
    this.firstIndex = new Uint32Array(sizes.length + 1);
    this.firstRow = new Uint32Array(sizes.length + 1);
    let index = 0;
    let row = 0;
    sizes.forEach((size, group) => {
      index += size;
      row += 1 + (isCollapsed(group) ? 0 : size);
      this.firstIndex[group + 1] = index;
      this.firstRow[group + 1] = row;
    });
    this.rows = row;
  }

  get height(): number {
    return this.topOfGroup(this.groups);
  }

  /** What stands in a row. */
  at(row: number): GroupedRow {
    const group = this.groupOfRow(row);
    const header = this.rowOfGroup(group);
    return row === header
      ? { kind: "group", group }
      : { kind: "issue", group, index: this.indexOfGroup(group) + row - header - 1 };
  }

  /** The row of the header of a group. */
  rowOfGroup(group: number): number {
    return this.firstRow[group] ?? this.rows;
  }

  /** The first issue of a group; for the number of groups, the number of issues. */
  indexOfGroup(group: number): number {
    return this.firstIndex[group] ?? 0;
  }

  /** The group an issue is in. */
  groupOf(index: number): number {
    return lastAtMost(this.groups, index, (group) => this.indexOfGroup(group));
  }

  /** The row of an issue; in a collapsed group that of its header. */
  rowOf(index: number): number {
    const group = this.groupOf(index);
    const header = this.rowOfGroup(group);
    const hidden = this.rowOfGroup(group + 1) === header + 1;
    return hidden ? header : header + 1 + index - this.indexOfGroup(group);
  }

  topOf(row: number): number {
    if (row >= this.rows) return this.height;
    const group = this.groupOfRow(row);
    const behind = row - this.rowOfGroup(group);
    return this.topOfGroup(group) + (behind === 0 ? 0 : GROUP_HEIGHT + (behind - 1) * this.rowHeight);
  }

  heightOf(row: number): number {
    return this.at(row).kind === "group" ? GROUP_HEIGHT : this.rowHeight;
  }

  rowAt(offset: number): number {
    if (this.rows === 0) return 0;
    const group = lastAtMost(this.groups, offset, (one) => this.topOfGroup(one));
    const header = this.rowOfGroup(group);
    const rest = offset - this.topOfGroup(group) - GROUP_HEIGHT;
    if (rest < 0) return header;
    const row = header + 1 + Math.floor(rest / this.rowHeight);
    return Math.min(row, this.rowOfGroup(group + 1) - 1);
  }

  private groupOfRow(row: number): number {
    return lastAtMost(this.groups, row, (group) => this.rowOfGroup(group));
  }

  /** All rows before a group that are no headers are issues. */
  private topOfGroup(group: number): number {
    return group * GROUP_HEIGHT + (this.rowOfGroup(group) - group) * this.rowHeight;
  }
}

/** The last of `count` places whose ascending value is at most `wanted`; the first where none is. */
function lastAtMost(count: number, wanted: number, valueAt: (place: number) => number): number {
  let from = 0;
  let to = count - 1;
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (valueAt(middle) <= wanted) from = middle;
    else to = middle - 1;
  }
  return Math.max(0, from);
}

/**
 * How many issues of each group a list holds. A list that is capped lacks those at its end, and groups it has nothing of
 * are left out.
 */
export function heldSizes(groups: readonly { issues: number }[], held: number): number[] {
  const sizes: number[] = [];
  let left = held;
  for (const { issues } of groups) {
    if (left <= 0) break;
    sizes.push(Math.min(issues, left));
    left -= issues;
  }
  return sizes;
}
