/** What the pointer can do in a list. */
export interface PointedList {
  /** Content pixels per scrollbar pixel; 1 in lists that are no taller than an element may be. */
  readonly scale: number;
  /** Pixels of a turn of the wheel that is told in pixels, in lines or in pages: `WheelEvent.deltaMode`. */
  wheelStep: (deltaMode: number) => number;
  /** Moves the content by pixels. */
  scrollBy: (pixels: number) => void;
  /** Something was clicked: no cell of a row is meant any more. */
  leaveCells: () => void;
  /** The header of a group, or its box where `picks`. */
  pressGroup: (group: number, picks: boolean) => void;
  /** The row of an issue: to open it, to pick it alone or beside the others, or as the end of a range. */
  pressIssue: (index: number, how: "open" | "toggle" | "add" | "range") => void;
}

/** Mouse and wheel in the scrolling body of a list. */
export class ListPointer {
  constructor(
    private readonly grid: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly list: PointedList,
  ) {
    scroller.addEventListener("wheel", this.onWheel, { passive: false });
    scroller.addEventListener("click", this.onClick);
    scroller.addEventListener("mousedown", this.onMouseDown);
  }

  destroy(): void {
    this.scroller.removeEventListener("wheel", this.onWheel);
    this.scroller.removeEventListener("click", this.onClick);
    this.scroller.removeEventListener("mousedown", this.onMouseDown);
  }

  /** On a scaled list one pixel of the scrollbar is more than one of content; the wheel still moves by content. */
  private readonly onWheel = (event: WheelEvent) => {
    if (this.list.scale === 1 || event.ctrlKey) return;
    event.preventDefault();
    this.list.scrollBy(event.deltaY * this.list.wheelStep(event.deltaMode));
  };

  private readonly onClick = (event: MouseEvent) => {
    const target = event.target as Element;
    const header = target.closest<HTMLElement>("[data-group]");
    const row = target.closest<HTMLElement>("[data-index]");
    const onBox = target.closest("[data-pick]") !== null;
    this.list.leaveCells();
    const picks = event.shiftKey || event.ctrlKey || event.metaKey || onBox;
    if (header) {
      this.list.pressGroup(Number(header.dataset.group), picks);
      return;
    }
    if (!row) return;
    const index = Number(row.dataset.index);
    if (picks) this.list.pressIssue(index, event.shiftKey ? "range" : onBox ? "toggle" : "add");
    // Text that was marked is not clicked.
    else if (window.getSelection()?.isCollapsed !== false) this.list.pressIssue(index, "open");
  };

  /** A range is drawn over rows, not over their text. */
  private readonly onMouseDown = (event: MouseEvent) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    this.grid.focus({ preventScroll: true });
  };
}
