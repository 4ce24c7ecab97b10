import { keyTip } from "@/components/keyTip";
import type { IssueRowElement } from "./issueRowElement";

/**
 * The cell that the keyboard is on, within the row under the cursor. What the cell says is shown beside it, so that
 * nothing for which a row has no room is left to the pointer.
 */
export class CellCursor {
  /** Place among the cells of a row; -1 while the keyboard is on the row itself. */
  private at = -1;

  /** Goes from the row into its cells, among them, and back. Answers whether there was a way. */
  move(row: IssueRowElement | undefined, step: 1 | -1): boolean {
    const next = this.at + step;
    if (next < -1 || next >= (row?.cellElements.length ?? 0)) return false;
    this.at = next;
    return true;
  }

  /** To the first or last cell, from another one. Answers whether the keyboard is in the cells. */
  moveToEnd(row: IssueRowElement | undefined, end: "first" | "last"): boolean {
    if (this.at === -1 || !row) return false;
    this.at = end === "first" ? 0 : row.cellElements.length - 1;
    return true;
  }

  /** Marks the cell in the row under the cursor. Answers it; null while the keyboard is on the row. */
  mark(row: IssueRowElement | undefined): HTMLElement | null {
    return row?.setCell(this.at) ?? null;
  }

  /** Shows what the cell says. */
  tell(row: IssueRowElement | undefined): void {
    const element = this.mark(row);
    const text = element && row?.tipOf(element);
    keyTip.set(element && text ? { element, text } : null);
  }

  /** Back to the row. Answers whether it was in a cell. */
  leave(): boolean {
    const was = this.at !== -1;
    this.at = -1;
    if (was) keyTip.set(null);
    return was;
  }
}
