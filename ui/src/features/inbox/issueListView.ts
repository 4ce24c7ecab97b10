import type { IssueGroup } from "@/ipc";
import { carryPlace, type ListPlace } from "@/lib/listPlace";
import { halfOf, RowGeometry, type RowLayout } from "@/lib/rowGeometry";
import { CellCursor } from "./cellCursor";
import { groupId, groupSize } from "./groupings";
import { GroupRowElement } from "./groupRowElement";
import { IssueRowElement } from "./issueRowElement";
import { KeptRow } from "./keptRow";
import { type ListColumn, USUAL_COLUMNS } from "./listColumns";
import type { ListEvents, ListOrder, RowContext } from "./listContext";
import { ListPointer, type PointedList } from "./listPointer";
import type { RowStore } from "./rowStore";
import { bubbleText, ScrollBubble } from "./scrollBubble";
import { ShownRows } from "./shownRows";

/** Rows drawn beyond each edge of the viewport. */
const OVERSCAN = 4;
/** Relative times are brought up to date this often. */
const TICK_MS = 15_000;
/** Drawn height where the engine reports none, as under a test. */
const FALLBACK_VIEWPORT = 640;

const NO_ORDER: ListOrder = { ids: [], groups: [] };
const NONE: ReadonlySet<string> = new Set();

/**
 * The scrolling body of the issue list. Draws a pool of row elements by hand: React renders the frame once, and
 * moving the cursor, scrolling or a changed counter never goes through it.
 *
 * Rows are placed by transform inside a spacer of the list's height. The view owns the content offset; the element's
 * `scrollTop` is derived from it, and differs in scale for lists that are taller than an element may be.
 *
 * A row shows an issue or, in a grouped list, the header of a group. The cursor is on a row; an issue's place in the
 * order is its index.
 */
export class IssueListView {
  private shown: ShownRows;
  private geometry: RowGeometry;
  private offset = 0;
  private cursor = -1;
  private readonly cell = new CellCursor();
  private readonly kept = new KeptRow();
  private readonly bubble: ScrollBubble;
  private readonly pool: IssueRowElement[] = [];
  private readonly headers = new Map<number, GroupRowElement>();
  private readonly spareHeaders: GroupRowElement[] = [];
  private columns: readonly ListColumn[] = USUAL_COLUMNS;
  /** Scroll position this view has set itself, so that the event it causes is not taken for the user's. */
  private ownScroll = -1;
  private frame = 0;
  private readonly spacer = document.createElement("div");
  private readonly resize: ResizeObserver;
  private readonly ticker: ReturnType<typeof setInterval>;
  private readonly stopRows: () => void;
  private readonly pointer: ListPointer;

  constructor(
    private readonly grid: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly rows: RowStore,
    private readonly context: RowContext,
    private readonly events: ListEvents,
    private rowHeight: number,
  ) {
    this.shown = new ShownRows(NO_ORDER, NONE, rowHeight);
    this.geometry = new RowGeometry(this.shown.layout, this.viewport());
    this.bubble = new ScrollBubble(scroller);
    this.spacer.setAttribute("role", "presentation");
    scroller.append(this.spacer);
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    this.pointer = new ListPointer(grid, scroller, this.pointed());
    grid.addEventListener("focusout", this.onBlur);
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
    this.pointer.destroy();
    this.grid.removeEventListener("focusout", this.onBlur);
    this.cell.leave();
    this.spacer.remove();
    this.bubble.destroy();
  }

  /**
   * Shows another order. Without a place, the present one is carried over to it: the row under the cursor stays where
   * it is on screen. Where the user has scrolled away from it, the list does not go back to it, unless the cursor has to
   * go to another issue. `collapsed`: the ids of groups that are collapsed; those that were if absent.
   */
  setOrder(order: ListOrder, place?: ListPlace, collapsed?: ReadonlySet<string>): void {
    if (order === this.order && !place) return;
    const from = this.spot();
    const before = this.order.ids;
    this.arrange(order, collapsed ?? this.shown.collapsed);
    if (place) {
      const row = this.shown.rowOf(carryPlace(place, [], order.ids).index);
      const moved = row - this.shown.rowOf(Math.min(place.index, order.ids.length - 1));
      this.show(row, this.geometry.offsetOfRow(place.topRow + moved));
      return;
    }
    const same = from.group === null ? -1 : order.groups.findIndex((group) => groupId(group) === from.group);
    const carried = carryPlace(from, before, order.ids);
    const row = same >= 0 ? this.shown.rowOfGroup(same) : this.shown.rowOf(carried.index);
    const stays = same >= 0 || (from.issue !== null && carried.issue === from.issue);
    this.show(row, this.geometry.layout.topOf(Math.max(0, row)) - from.below, !(from.isAway && stays));
  }

  /** Shows these columns beside the issues. */
  setColumns(columns: readonly ListColumn[]): void {
    this.columns = columns;
    for (const row of this.elements) row.setColumns(columns);
  }

  /** Asks for the rows on screen again, of which more is wanted than before. */
  reread(): void {
    this.draw();
  }

  setRowHeight(rowHeight: number): void {
    if (rowHeight === this.rowHeight) return;
    const top = this.geometry.topRow(this.offset);
    this.rowHeight = rowHeight;
    this.arrange(this.order, this.shown.collapsed);
    this.show(this.cursor, this.geometry.offsetOfRow(top));
  }

  place(): ListPlace {
    const index = this.nearestIndex;
    return {
      index,
      issue: this.order.ids[this.cursorIndex] ?? null,
      topRow: this.geometry.topRow(this.offset),
    };
  }

  /** Ids of the issues on screen. */
  visibleIds(): string[] {
    const { start, end } = this.geometry.visible(this.offset);
    const ids: string[] = [];
    for (let row = start; row < end; row += 1) {
      const id = this.order.ids[this.shown.indexAt(row)];
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  /** Rows Page Up and Page Down move by. */
  get pageRows(): number {
    return this.geometry.pageRows;
  }

  /** Whether the cursor rests above everything that could push it down. */
  get isAtTop(): boolean {
    return this.nearestIndex <= 0;
  }

  /** Index of the issue under the cursor; -1 where there is none, as on the header of a group. */
  get cursorIndex(): number {
    return this.shown.indexAt(this.cursor);
  }

  /** The issue under the cursor, on a header the first of its group; -1 in an empty list. */
  get nearestIndex(): number {
    return this.shown.nearestIndex(this.cursor);
  }

  /** The part of the order that a header under the cursor stands for; null where the cursor is on an issue. */
  get cursorGroup(): { start: number; end: number } | null {
    const group = this.shown.headerAt(this.cursor);
    return group === null ? null : this.shown.rangeOf(group);
  }

  /** Puts the cursor on an issue and brings it into view; its group is expanded. */
  moveTo(index: number): void {
    const { ids } = this.order;
    if (ids.length === 0) return;
    const wanted = Math.min(Math.max(0, index), ids.length - 1);
    const group = this.shown.headerAt(this.shown.rowOf(wanted));
    if (group !== null) this.collapse(group, false);
    this.moveToRow(this.shown.rowOf(wanted));
  }

  /** Puts the cursor on a row, which may be the header of a group. */
  moveToRow(row: number): void {
    if (this.shown.rows === 0) return;
    this.cursor = this.shown.nearestRow(row);
    this.scrollTo(this.geometry.reveal(this.cursor, this.offset));
    this.draw();
    this.cell.tell(this.cursorRow);
    this.events.moved(this.place());
  }

  moveBy(rows: number): void {
    this.moveToRow(this.cursor + rows);
  }

  /** Half a screen down or up: the list moves as far as the cursor, which stays where it is on screen. */
  moveByHalf(step: 1 | -1): void {
    const { layout } = this.geometry;
    if (this.shown.rows === 0) return;
    const row = this.shown.nearestRow(this.cursor + step * halfOf(this.pageRows));
    const way = layout.topOf(row) - layout.topOf(Math.max(0, this.cursor));
    this.scrollTo(this.geometry.clampOffset(this.offset + way));
    this.moveToRow(row);
  }

  /** Moves the list so that the row under the cursor is at one end of the screen or in its middle. */
  scrollCursorTo(place: "top" | "middle" | "bottom"): void {
    if (this.cursor < 0) return;
    const { layout, viewport } = this.geometry;
    const left = viewport - layout.heightOf(this.cursor);
    const above = { top: 0, middle: Math.round(left / 2), bottom: left }[place];
    this.scrollTo(this.geometry.clampOffset(layout.topOf(this.cursor) - above));
    this.moveToRow(this.cursor);
  }

  /** To the header of the next group, or to that of the group the cursor is in, and on its header to the one before. */
  moveByGroup(step: 1 | -1): void {
    const at = this.shown.groupedAt(this.cursor);
    if (!at) return;
    const { group, kind } = at;
    const target = step === 1 ? group + 1 : kind === "group" ? group - 1 : group;
    if (target >= 0 && target < this.shown.groups) this.moveToRow(this.shown.rowOfGroup(target));
  }

  /** Collapses the group whose header the cursor is on; from an issue goes to that header first. */
  collapseHere(): void {
    const at = this.shown.groupedAt(this.cursor);
    if (at?.kind === "group") this.collapse(at.group, true);
    else if (at) this.moveToRow(this.shown.rowOfGroup(at.group));
  }

  /** Expands the group whose header the cursor is on, or goes to its first issue. Answers whether there is a header. */
  expandHere(): boolean {
    const group = this.shown.headerAt(this.cursor);
    if (group === null) return false;
    if (this.shown.isCollapsed(group)) this.collapse(group, false);
    else this.moveBy(1);
    return true;
  }

  /** Goes from the row into its cells, among them, and back to the row. Answers whether there was a way. */
  moveCell(step: 1 | -1): boolean {
    // Scrolled away it has no cells to go to.
    if (this.cursorElement === null) this.moveBy(0);
    if (!this.cell.move(this.cursorRow, step)) return false;
    this.moveBy(0);
    return true;
  }

  /** To the first or last cell of the row. Answers whether the keyboard is in the cells at all. */
  moveToEndCell(end: "first" | "last"): boolean {
    const moved = this.cell.moveToEnd(this.cursorRow, end);
    if (moved) this.moveBy(0);
    return moved;
  }

  private readonly onBlur = () => {
    if (this.cell.leave()) this.draw();
  };

  /** Every element of an issue: those in view, spare ones, and that of the cursor where it is scrolled away. */
  private get elements(): readonly IssueRowElement[] {
    const { element } = this.kept;
    return element ? [...this.pool, element] : this.pool;
  }

  private get cursorRow(): IssueRowElement | undefined {
    return this.pool.find((row) => row.row === this.cursor && row.row !== -1);
  }

  /** Collapses the group under the cursor or expands it. Answers whether there is a header. */
  toggleHere(): boolean {
    const group = this.shown.headerAt(this.cursor);
    if (group !== null) this.collapse(group, !this.shown.isCollapsed(group));
    return group !== null;
  }

  /** Collapses or expands every group. The cursor goes to the header of its group. */
  collapseAll(on: boolean): void {
    const at = this.shown.groupedAt(this.cursor);
    if (at) this.hide(on ? new Set(this.order.groups.map(groupId)) : NONE, at.group);
  }

  private collapse(group: number, on: boolean): void {
    const id = this.shown.idOf(group);
    const hidden = new Set(this.shown.collapsed);
    if (on) hidden.add(id);
    else hidden.delete(id);
    this.hide(hidden, group);
  }

  /** Puts the cursor on the header of a group, which stays where it is on screen while rows come and go. */
  private hide(hidden: ReadonlySet<string>, group: number): void {
    const below = this.geometry.layout.topOf(this.shown.rowOfGroup(group)) - this.offset;
    this.arrange(this.order, hidden);
    const row = this.shown.rowOfGroup(group);
    this.show(row, this.geometry.layout.topOf(row) - Math.max(0, below));
    this.events.collapsed(hidden);
  }

  /** The cursor: its issue or its group, how far below the upper edge it is, and whether that is out of view. */
  private spot(): ListPlace & { group: string | null; below: number; isAway: boolean } {
    const header = this.shown.headerAt(this.cursor);
    const row = Math.max(0, this.cursor);
    return {
      ...this.place(),
      group: header === null ? null : this.shown.idOf(header),
      below: this.geometry.layout.topOf(row) - this.offset,
      isAway: this.cursor >= 0 && this.geometry.reveal(row, this.offset) !== this.offset,
    };
  }

  private get order(): ListOrder {
    return this.shown.order;
  }

  private show(row: number, offset: number, reveals = true): void {
    this.cursor = this.shown.nearestRow(row);
    // A restored place may come from a smaller window: the cursor row has to be visible either way.
    const clamped = this.geometry.clampOffset(Math.round(offset));
    this.scrollTo(this.cursor < 0 ? 0 : reveals ? this.geometry.reveal(this.cursor, clamped) : clamped);
    this.draw();
    this.events.moved(this.place());
  }

  private viewport(): number {
    return this.scroller.clientHeight || FALLBACK_VIEWPORT;
  }

  /** The viewport has another size. */
  private measure(): void {
    this.resized(this.geometry.layout);
    this.scrollTo(this.geometry.clampOffset(this.offset));
    this.draw();
  }

  /** Puts the rows where they belong: the order, what is collapsed or the height of a row has changed. */
  private arrange(order: ListOrder, collapsed: ReadonlySet<string>): void {
    this.shown = new ShownRows(order, collapsed, this.rowHeight);
    this.resized(this.shown.layout);
    // What an element stands for may now be in another row.
    for (const row of this.elements) row.row = -1;
    for (const header of [...this.headers.values()]) this.putAway(header);
  }

  private resized(layout: RowLayout): void {
    this.geometry = new RowGeometry(layout, this.viewport());
    this.spacer.style.height = `${this.geometry.spacerHeight}px`;
    this.scroller.style.setProperty("--row-height", `${this.rowHeight}px`);
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
    const before = this.offset;
    this.offset = this.geometry.offsetFromScroll(scrollTop);
    this.bubble.scrolled(this.offset - before, this.geometry.viewport);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.draw();
      this.events.moved(this.place());
    });
  };

  private scrollBy(pixels: number): void {
    this.scrollTo(this.geometry.clampOffset(this.offset + pixels));
    this.draw();
    this.events.moved(this.place());
  }

  /** What the pointer does here. */
  private pointed(): PointedList {
    const geometry = () => this.geometry;
    return {
      get scale() {
        return geometry().scale;
      },
      wheelStep: (mode) =>
        mode === WheelEvent.DOM_DELTA_LINE
          ? this.rowHeight
          : mode === WheelEvent.DOM_DELTA_PAGE
            ? this.geometry.viewport
            : 1,
      scrollBy: (pixels) => this.scrollBy(pixels),
      leaveCells: () => this.cell.leave(),
      pressGroup: (group, picks) => {
        this.moveToRow(this.shown.rowOfGroup(group));
        const { start, end } = this.shown.rangeOf(group);
        if (picks) this.events.groupPicked(start, end);
        else this.toggleHere();
      },
      pressIssue: (index, how) => {
        if (index >= this.order.ids.length) return;
        this.moveTo(index);
        if (how === "open") this.events.opened(index);
        else this.events.picked(index, how);
      },
    };
  }

  /** Draws again which rows are selected. */
  redrawPicked(): void {
    for (const row of this.elements) if (row.row !== -1) row.setPicked(this.context.isPicked(row.id));
    for (const header of this.headers.values()) this.showPicked(header);
  }

  private showPicked(header: GroupRowElement): void {
    const group = this.shown.headerAt(header.row);
    if (group === null) return;
    const { start, end } = this.shown.rangeOf(group);
    header.setPicked(this.context.pickedOf(this.order.ids, start, end));
  }

  private draw(): void {
    const range = this.geometry.visible(this.offset, OVERSCAN);
    const wanted = range.end - range.start;
    const create = () => new IssueRowElement(this.context, this.columns);
    while (this.pool.length < wanted) this.pool.push(create());

    // A row keeps its element while it stays in view: elements are dealt by row modulo the pool's size.
    const now = Date.now();
    const size = this.pool.length;
    const { cursor } = this;
    const isAway = (cursor < range.start || cursor >= range.end) && this.shown.indexAt(cursor) !== -1;
    const kept = this.kept.hold(this.pool, cursor, isAway, create);
    const used = new Set<IssueRowElement>();
    const { ids } = this.order;
    const shown: number[] = [];
    for (const header of [...this.headers.values()]) {
      if (header.row < range.start || header.row >= range.end) this.putAway(header);
    }
    for (let at = range.start; at < range.end; at += 1) {
      const index = this.shown.indexAt(at);
      if (index === -1) {
        this.drawHeader(at);
        continue;
      }
      if (index < ids.length) shown.push(index);
      const row = this.pool[at % size] as IssueRowElement;
      used.add(row);
      this.drawRow(row, at, index, now);
      this.put(row.root, at);
    }
    if (kept) {
      this.drawRow(kept, cursor, this.shown.indexAt(cursor), now);
      // Just out of sight, on the side it is on: at its own place it could make a scaled list longer.
      this.put(kept.root, cursor < range.start ? range.start - 1 : range.end);
    }
    for (const row of this.pool) {
      if (used.has(row)) continue;
      row.row = -1;
      row.root.remove();
    }
    const active = this.cell.mark(this.cursorRow) ?? this.cursorElement ?? kept?.root;
    if (active) this.grid.setAttribute("aria-activedescendant", active.id);
    else this.grid.removeAttribute("aria-activedescendant");
    this.rows.wantAround(ids, shown);
    this.tellPlace();
    if (this.shown.groups > 0) this.context.groupsShown(this.groupsBetween(range.start, range.end));
    this.events.drawn();
  }

  /** Lets an element stand for a row and its issue. */
  private drawRow(row: IssueRowElement, at: number, index: number, now: number): void {
    // In a row that still waits for its issue nothing is known, and nothing can be picked.
    const id = this.order.ids[index] ?? "";
    if (row.row !== at || row.index !== index || row.id !== id) {
      row.place(at, index, id, this.shown.groupOf(index));
      row.fill(this.rows.get(id), this.rows.isGone(id), now);
    }
    row.setCursor(at === this.cursor);
    row.setCell(-1);
    row.setPicked(this.context.isPicked(id));
  }

  /** The groups whose headers are in some of the rows. */
  private groupsBetween(start: number, end: number): IssueGroup[] {
    const groups: IssueGroup[] = [];
    for (let row = start; row < end; row += 1) {
      const header = this.headers.has(row) ? this.shown.headerAt(row) : null;
      const group = header === null ? undefined : this.order.groups[header];
      if (group) groups.push(group);
    }
    return groups;
  }

  /** Draws the trends of the groups on screen. */
  redrawTrends(): void {
    for (const header of this.headers.values()) this.showTrend(header);
  }

  private showTrend(header: GroupRowElement): void {
    const at = this.shown.headerAt(header.row);
    const group = at === null ? undefined : this.order.groups[at];
    header.setTrend(group && this.context.groupTrend(group));
  }

  private drawHeader(row: number): void {
    let header = this.headers.get(row);
    if (!header) {
      header = this.spareHeaders.pop() ?? new GroupRowElement();
      this.headers.set(row, header);
      this.fillHeader(header, row);
    }
    this.put(header.root, row);
    header.setCursor(row === this.cursor);
  }

  private fillHeader(header: GroupRowElement, row: number): void {
    const place = this.shown.headerAt(row) ?? 0;
    const group = this.order.groups[place];
    if (!group) return;
    header.fill(row, this.shown.rangeOf(place).start + place + 2, {
      group: place,
      id: groupId(group),
      name: this.context.groupName(group),
      size: groupSize(group),
      noTrend: this.context.noTrend(group),
      collapsed: this.shown.isCollapsed(place),
    });
    this.showTrend(header);
    this.showPicked(header);
  }

  private putAway(header: GroupRowElement): void {
    this.headers.delete(header.row);
    this.spareHeaders.push(header);
    header.row = -1;
    header.root.remove();
  }

  private put(element: HTMLElement, row: number): void {
    const scroll = this.geometry.scrollFromOffset(this.offset);
    const top = this.geometry.layout.topOf(row) - this.offset + scroll;
    element.style.transform = `translateY(${top}px)`;
    if (!element.isConnected) this.spacer.append(element);
  }

  /** Says where the list is while it flies past. */
  private tellPlace(): void {
    if (!this.bubble.isShown) return;
    const { start, end } = this.geometry.visible(this.offset);
    let row = start;
    while (row < end && this.shown.indexAt(row) === -1) row += 1;
    const index = this.shown.indexAt(row);
    const known = this.rows.get(this.order.ids[index] ?? "");
    if (index >= 0) this.bubble.say(bubbleText(known ? this.context.sortValue(known) : "", index));
  }

  private refill(changed: ReadonlySet<string>): void {
    const now = Date.now();
    for (const row of this.elements) {
      if (row.row !== -1 && changed.has(row.id))
        row.fill(this.rows.get(row.id), this.rows.isGone(row.id), now);
    }
    this.tellPlace();
  }

  /** Draws every row on screen again: what their texts depend on has become known. */
  redraw(): void {
    const now = Date.now();
    for (const row of this.elements) {
      if (row.row !== -1) row.fill(this.rows.get(row.id), this.rows.isGone(row.id), now);
    }
    for (const header of this.headers.values()) this.fillHeader(header, header.row);
  }

  /** The element under the cursor; null while it is scrolled away. */
  get cursorElement(): HTMLElement | null {
    if (this.cursor < 0) return null;
    const header = this.headers.get(this.cursor);
    return header?.root ?? this.pool.find((row) => row.row === this.cursor)?.root ?? null;
  }

  private tick(): void {
    const now = Date.now();
    const drawn = this.pool.filter((row) => row.row !== -1 && row.id !== "");
    for (const row of drawn) row.tick(now);
    // What could not be read is asked for again, also where nobody scrolls.
    const places = drawn.map((row) => row.index);
    this.rows.wantAround(this.order.ids, places);
  }
}
