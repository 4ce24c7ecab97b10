import type { IssueRowElement } from "./issueRowElement";

/**
 * Keeps the element of the row under the cursor while that row is scrolled away, so that the list's active descendant
 * never goes and a screen reader keeps its place (UX 4.4).
 */
export class KeptRow {
  private kept: IssueRowElement | null = null;

  /** The element that is kept out of the pool; null while the cursor's row is in view. */
  get element(): IssueRowElement | null {
    return this.kept;
  }

  /** Takes the element of `row` out of the pool where it is `away`, and puts it back where it comes into view again. */
  hold(
    pool: IssueRowElement[],
    row: number,
    away: boolean,
    create: () => IssueRowElement,
  ): IssueRowElement | null {
    const before = this.kept;
    if (before && (!away || before.row !== row)) {
      this.kept = null;
      const at = before.row % pool.length;
      if (!away && before.row === row && pool[at]) {
        pool[at].root.remove();
        pool[at] = before;
      } else before.root.remove();
    }
    if (away && !this.kept) {
      const at = pool.findIndex((element) => element.row === row);
      this.kept = pool[at] ?? create();
      if (at !== -1) pool[at] = create();
    }
    return this.kept;
  }
}
