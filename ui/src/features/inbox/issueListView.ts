import type { People } from "@/ipc";
import { carryPlace, type ListPlace } from "@/lib/listPlace";
import { RowGeometry } from "@/lib/rowGeometry";
import { IssueRowElement } from "./issueRowElement";
import { type ListColumn, USUAL_COLUMNS } from "./listColumns";
import { type RowStore, WINDOW } from "./rowStore";

/** Rows drawn beyond each edge of the viewport. */
const OVERSCAN = 4;
/** Relative times are brought up to date this often. */
const TICK_MS = 15_000;
/** Drawn height where the engine reports none, as under a test. */
const FALLBACK_VIEWPORT = 640;

/** What the view tells its owner. */
export interface ListEvents {
  /** The cursor or the scroll place has changed. */
  moved: (place: ListPlace) => void;
  opened: (index: number) => void;
  /** A row was picked with the pointer: alone, as the end of a range, or beside the others. */
  picked: (index: number, how: "toggle" | "range" | "add") => void;
}

/** What a row looks up that is not part of it. */
export interface RowContext {
  people: () => People | undefined;
  isPicked: (id: string) => boolean;
}

/**
 * The scrolling body of the issue list. Draws a pool of row elements by hand: React renders the frame once, and
 * moving the cursor, scrolling or a changed counter never goes through it.
 *
 * Rows are placed by transform inside a spacer of the list's height. The view owns the content offset; the element's
 * `scrollTop` is derived from it, and differs in scale for lists that are taller than an element may be.
 */
export class IssueListView {
  private ids: readonly string[] = [];
  private geometry: RowGeometry;
  private offset = 0;
  private cursor = -1;
  private readonly pool: IssueRowElement[] = [];
  private columns: readonly ListColumn[] = USUAL_COLUMNS;
  /** Scroll position this view has set itself, so that the event it causes is not taken for the user's. */
  private ownScroll = -1;
  private frame = 0;
  private readonly spacer = document.createElement("div");
  private readonly resize: ResizeObserver;
  private readonly ticker: ReturnType<typeof setInterval>;
  private readonly stopRows: () => void;

  constructor(
    private readonly grid: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly rows: RowStore,
    private readonly context: RowContext,
    private readonly events: ListEvents,
    rowHeight: number,
  ) {
    this.geometry = new RowGeometry(0, rowHeight, this.viewport());
    this.spacer.setAttribute("role", "presentation");
    scroller.append(this.spacer);
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    scroller.addEventListener("wheel", this.onWheel, { passive: false });
    scroller.addEventListener("click", this.onClick);
    scroller.addEventListener("mousedown", this.onMouseDown);
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(scroller);
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.stopRows = rows.subscribe((changed) => this.refill(changed));
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearInterval(this.ticker);
    this.resize.disconnect();
    this.stopRows();
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.scroller.removeEventListener("wheel", this.onWheel);
    this.scroller.removeEventListener("click", this.onClick);
    this.scroller.removeEventListener("mousedown", this.onMouseDown);
    this.spacer.remove();
  }

  /** Shows another order. Without a place, the present one is carried over to it. */
  setIds(ids: readonly string[], place?: ListPlace): void {
    if (ids === this.ids && !place) return;
    const target = place ? carryPlace(place, [], ids) : carryPlace(this.place(), this.ids, ids);
    this.ids = ids;
    this.resizeGeometry(this.geometry.rowHeight);
    this.goTo(target);
  }

  /** Shows these columns beside the issues. */
  setColumns(columns: readonly ListColumn[]): void {
    this.columns = columns;
    for (const row of this.pool) row.setColumns(columns);
  }

  setRowHeight(rowHeight: number): void {
    if (rowHeight === this.geometry.rowHeight) return;
    const place = this.place();
    this.resizeGeometry(rowHeight);
    this.goTo(place);
  }

  place(): ListPlace {
    return {
      index: this.cursor,
      issue: this.ids[this.cursor] ?? null,
      topRow: this.offset / this.geometry.rowHeight,
    };
  }

  /** Ids of the rows on screen. */
  visibleIds(): string[] {
    const { start, end } = this.geometry.visible(this.offset);
    return this.ids.slice(start, end);
  }

  /** Rows Page Up and Page Down move by. */
  get pageRows(): number {
    return this.geometry.pageRows;
  }

  get cursorIndex(): number {
    return this.cursor;
  }

  /** Puts the cursor on a row and brings the row into view. */
  moveTo(index: number): void {
    if (this.ids.length === 0) return;
    this.cursor = Math.min(Math.max(0, index), this.ids.length - 1);
    this.scrollTo(this.geometry.reveal(this.cursor, this.offset));
    this.draw();
    this.events.moved(this.place());
  }

  moveBy(rows: number): void {
    this.moveTo(this.cursor + rows);
  }

  private goTo(place: ListPlace): void {
    this.cursor = this.ids.length === 0 ? -1 : Math.min(Math.max(0, place.index), this.ids.length - 1);
    const offset = this.geometry.clampOffset(Math.round(place.topRow * this.geometry.rowHeight));
    // A restored place may come from a smaller window: the cursor row has to be visible either way.
    this.scrollTo(this.cursor === -1 ? 0 : this.geometry.reveal(this.cursor, offset));
    this.draw();
    this.events.moved(this.place());
  }

  private viewport(): number {
    return this.scroller.clientHeight || FALLBACK_VIEWPORT;
  }

  private measure(): void {
    this.resizeGeometry(this.geometry.rowHeight);
    this.scrollTo(this.geometry.clampOffset(this.offset));
    this.draw();
  }

  private resizeGeometry(rowHeight: number): void {
    this.geometry = new RowGeometry(this.ids.length, rowHeight, this.viewport());
    this.spacer.style.height = `${this.geometry.spacerHeight}px`;
    this.scroller.style.setProperty("--row-height", `${rowHeight}px`);
  }

  private scrollTo(offset: number): void {
    this.offset = offset;
    this.ownScroll = this.geometry.scrollFromOffset(offset);
    this.scroller.scrollTop = this.ownScroll;
  }

  private readonly onScroll = () => {
    const { scrollTop } = this.scroller;
    // Engines round the position they were given, so an event near it is the echo of our own call.
    if (Math.abs(scrollTop - this.ownScroll) < 1) return;
    this.ownScroll = -1;
    this.offset = this.geometry.offsetFromScroll(scrollTop);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.draw();
      this.events.moved(this.place());
    });
  };

  /** On a scaled list one pixel of the scrollbar is more than one of content; the wheel still moves by content. */
  private readonly onWheel = (event: WheelEvent) => {
    if (this.geometry.scale === 1 || event.ctrlKey) return;
    event.preventDefault();
    const step =
      event.deltaMode === 1 ? this.geometry.rowHeight : event.deltaMode === 2 ? this.geometry.viewport : 1;
    this.scrollTo(this.geometry.clampOffset(this.offset + event.deltaY * step));
    this.draw();
    this.events.moved(this.place());
  };

  private readonly onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-index]");
    if (!row) return;
    const index = Number(row.dataset.index);
    const onBox = (event.target as Element).closest("[data-pick]") !== null;
    if (event.shiftKey || event.ctrlKey || event.metaKey || onBox) {
      this.moveTo(index);
      this.events.picked(index, event.shiftKey ? "range" : onBox ? "toggle" : "add");
      return;
    }
    if (window.getSelection()?.isCollapsed === false) return;
    this.moveTo(index);
    this.events.opened(index);
  };

  /** A range is drawn over rows, not over their text. */
  private readonly onMouseDown = (event: MouseEvent) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    this.grid.focus({ preventScroll: true });
  };

  /** Draws again which rows are selected. */
  redrawPicked(): void {
    for (const row of this.pool) if (row.index !== -1) row.setPicked(this.context.isPicked(row.id));
  }

  private draw(): void {
    const range = this.geometry.visible(this.offset, OVERSCAN);
    const scroll = this.geometry.scrollFromOffset(this.offset);
    const wanted = range.end - range.start;
    while (this.pool.length < wanted) {
      this.pool.push(new IssueRowElement(this.context.people, this.columns));
    }

    // A row keeps its element while it stays in view: elements are dealt by index modulo the pool's size.
    const now = Date.now();
    const size = this.pool.length;
    const used = new Set<IssueRowElement>();
    for (let index = range.start; index < range.end; index += 1) {
      const row = this.pool[index % size] as IssueRowElement;
      const id = this.ids[index] as string;
      used.add(row);
      if (row.index !== index || row.id !== id) {
        row.place(index, id);
        row.fill(this.rows.get(id), this.rows.isGone(id), now);
      }
      const top = index * this.geometry.rowHeight - this.offset + scroll;
      row.root.style.transform = `translateY(${top}px)`;
      row.setCursor(index === this.cursor);
      row.setPicked(this.context.isPicked(id));
      if (!row.root.isConnected) this.spacer.append(row.root);
    }
    for (const row of this.pool) {
      if (used.has(row) || row.index === -1) continue;
      row.index = -1;
      row.root.remove();
    }
    const cursorDrawn = this.cursor >= range.start && this.cursor < range.end;
    if (cursorDrawn) this.grid.setAttribute("aria-activedescendant", `issue-row-${this.cursor}`);
    else this.grid.removeAttribute("aria-activedescendant");
    this.request(range.start, range.end);
  }

  /** Asks for whole windows, so that scrolling by single rows does not ask for single rows. */
  private request(start: number, end: number): void {
    const first = Math.floor(start / WINDOW);
    const last = Math.floor(Math.max(start, end - 1) / WINDOW);
    for (let at = first; at <= last; at += 1) {
      this.rows.want(this.ids.slice(at * WINDOW, (at + 1) * WINDOW));
    }
  }

  private refill(changed: ReadonlySet<string>): void {
    const now = Date.now();
    for (const row of this.pool) {
      if (row.index !== -1 && changed.has(row.id))
        row.fill(this.rows.get(row.id), this.rows.isGone(row.id), now);
    }
  }

  /** Draws every row on screen again: what their texts depend on has become known. */
  redraw(): void {
    const now = Date.now();
    for (const row of this.pool) {
      if (row.index !== -1) row.fill(this.rows.get(row.id), this.rows.isGone(row.id), now);
    }
  }

  /** The element under the cursor; null while it is scrolled away. */
  get cursorElement(): HTMLElement | null {
    return this.pool.find((row) => row.index !== -1 && row.index === this.cursor)?.root ?? null;
  }

  private tick(): void {
    const now = Date.now();
    for (const row of this.pool) if (row.index !== -1) row.tick(now);
  }
}
