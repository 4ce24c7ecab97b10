import type { IssueGroup } from "@/ipc";
import { carryPlace, type ListPlace } from "@/lib/listPlace";
import { EvenRows, RowGeometry, type RowLayout } from "@/lib/rowGeometry";
import { CellCursor } from "./cellCursor";
import { GroupedRows, heldSizes } from "./groupedRows";
import { groupId, groupSize } from "./groupings";
import { GroupRowElement } from "./groupRowElement";
import { IssueRowElement } from "./issueRowElement";
import { type ListColumn, USUAL_COLUMNS } from "./listColumns";
import type { ListEvents, ListOrder, RowContext } from "./listContext";
import type { RowStore } from "./rowStore";
import { bubbleText, ScrollBubble } from "./scrollBubble";

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
  private order: ListOrder = NO_ORDER;
  /** The rows of a grouped list; null in one without groups, where row and index are the same. */
  private grouped: GroupedRows | null = null;
  private hidden = NONE;
  private geometry: RowGeometry;
  private offset = 0;
  private cursor = -1;
  private readonly cell = new CellCursor();
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

  constructor(
    private readonly grid: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly rows: RowStore,
    private readonly context: RowContext,
    private readonly events: ListEvents,
    private rowHeight: number,
  ) {
    this.geometry = new RowGeometry(new EvenRows(0, rowHeight), this.viewport());
    this.bubble = new ScrollBubble(scroller);
    this.spacer.setAttribute("role", "presentation");
    scroller.append(this.spacer);
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    scroller.addEventListener("wheel", this.onWheel, { passive: false });
    scroller.addEventListener("click", this.onClick);
    scroller.addEventListener("mousedown", this.onMouseDown);
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
    this.scroller.removeEventListener("wheel", this.onWheel);
    this.scroller.removeEventListener("click", this.onClick);
    this.scroller.removeEventListener("mousedown", this.onMouseDown);
    this.grid.removeEventListener("focusout", this.onBlur);
    this.cell.leave();
    this.spacer.remove();
    this.bubble.destroy();
  }

  /**
   * Shows another order. Without a place, the present one is carried over to it: the row under the cursor stays where
   * it is on screen. `collapsed`: the ids of groups that are collapsed; those that were if absent.
   */
  setOrder(order: ListOrder, place?: ListPlace, collapsed?: ReadonlySet<string>): void {
    if (order === this.order && !place) return;
    const from = this.spot();
    const before = this.order.ids;
    this.order = order;
    if (collapsed) this.hidden = collapsed;
    this.arrange();
    if (place) {
      const row = this.rowOf(carryPlace(place, [], order.ids).index);
      const moved = row - this.rowOf(Math.min(place.index, order.ids.length - 1));
      this.show(row, this.geometry.offsetOfRow(place.topRow + moved));
      return;
    }
    const same = from.group === null ? -1 : order.groups.findIndex((group) => groupId(group) === from.group);
    const row = same >= 0 ? this.rowOfGroup(same) : this.rowOf(carryPlace(from, before, order.ids).index);
    this.show(row, this.geometry.layout.topOf(Math.max(0, row)) - from.below);
  }

  /** Shows these columns beside the issues. */
  setColumns(columns: readonly ListColumn[]): void {
    this.columns = columns;
    for (const row of this.pool) row.setColumns(columns);
  }

  /** Asks for the rows on screen again, of which more is wanted than before. */
  reread(): void {
    this.draw();
  }

  setRowHeight(rowHeight: number): void {
    if (rowHeight === this.rowHeight) return;
    const top = this.geometry.topRow(this.offset);
    this.rowHeight = rowHeight;
    this.arrange();
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
      const id = this.order.ids[this.indexAt(row)];
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
    return this.indexAt(this.cursor);
  }

  /** The issue under the cursor, on a header the first of its group; -1 in an empty list. */
  get nearestIndex(): number {
    const { grouped, cursor } = this;
    if (cursor < 0 || !grouped) return cursor;
    const at = grouped.at(cursor);
    return at.kind === "group" ? grouped.indexOfGroup(at.group) : at.index;
  }

  /** The part of the order that a header under the cursor stands for; null where the cursor is on an issue. */
  get cursorGroup(): { start: number; end: number } | null {
    const group = this.headerAt(this.cursor);
    return group === null ? null : this.rangeOf(group);
  }

  /** Puts the cursor on an issue and brings it into view; its group is expanded. */
  moveTo(index: number): void {
    const { ids } = this.order;
    if (ids.length === 0) return;
    const wanted = Math.min(Math.max(0, index), ids.length - 1);
    if (this.grouped && this.headerAt(this.rowOf(wanted)) !== null) {
      this.collapse(this.grouped.groupOf(wanted), false);
    }
    this.moveToRow(this.rowOf(wanted));
  }

  /** Puts the cursor on a row, which may be the header of a group. */
  moveToRow(row: number): void {
    const { rows } = this.geometry.layout;
    if (rows === 0) return;
    this.cursor = Math.min(Math.max(0, row), rows - 1);
    this.scrollTo(this.geometry.reveal(this.cursor, this.offset));
    this.draw();
    this.cell.tell(this.cursorRow);
    this.events.moved(this.place());
  }

  moveBy(rows: number): void {
    this.moveToRow(this.cursor + rows);
  }

  /** To the header of the next group, or to that of the group the cursor is in, and on its header to the one before. */
  moveByGroup(step: 1 | -1): void {
    const { grouped } = this;
    if (!grouped || this.cursor < 0) return;
    const { group, kind } = grouped.at(this.cursor);
    const target = step === 1 ? group + 1 : kind === "group" ? group - 1 : group;
    if (target >= 0 && target < grouped.groups) this.moveToRow(grouped.rowOfGroup(target));
  }

  /** Collapses the group whose header the cursor is on; from an issue goes to that header first. */
  collapseHere(): void {
    const { grouped, cursor } = this;
    if (!grouped || cursor < 0) return;
    const { group, kind } = grouped.at(cursor);
    if (kind === "group") this.collapse(group, true);
    else this.moveToRow(grouped.rowOfGroup(group));
  }

  /** Expands the group whose header the cursor is on, or goes to its first issue. Answers whether there is a header. */
  expandHere(): boolean {
    const group = this.headerAt(this.cursor);
    if (group === null) return false;
    if (this.isCollapsed(group)) this.collapse(group, false);
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

  private readonly onBlur = () => {
    if (this.cell.leave()) this.draw();
  };

  private get cursorRow(): IssueRowElement | undefined {
    return this.pool.find((row) => row.row === this.cursor && row.row !== -1);
  }

  /** Collapses the group under the cursor or expands it. Answers whether there is a header. */
  toggleHere(): boolean {
    const group = this.headerAt(this.cursor);
    if (group !== null) this.collapse(group, !this.isCollapsed(group));
    return group !== null;
  }

  /** Collapses or expands every group. The cursor goes to the header of its group. */
  collapseAll(on: boolean): void {
    const { grouped } = this;
    if (!grouped || this.cursor < 0) return;
    const { group } = grouped.at(this.cursor);
    const hidden = on ? new Set(this.order.groups.map(groupId)) : NONE;
    this.hide(hidden, group);
  }

  private collapse(group: number, on: boolean): void {
    const id = groupId(this.order.groups[group] as IssueGroup);
    const hidden = new Set(this.hidden);
    if (on) hidden.add(id);
    else hidden.delete(id);
    this.hide(hidden, group);
  }

  /** Puts the cursor on the header of a group, which stays where it is on screen while rows come and go. */
  private hide(hidden: ReadonlySet<string>, group: number): void {
    const below = this.geometry.layout.topOf(this.rowOfGroup(group)) - this.offset;
    this.hidden = hidden;
    this.arrange();
    const row = this.rowOfGroup(group);
    this.show(row, this.geometry.layout.topOf(row) - Math.max(0, below));
    this.events.collapsed(hidden);
  }

  /** The cursor: its issue or its group, and how far below the upper edge it is. */
  private spot(): ListPlace & { group: string | null; below: number } {
    const header = this.headerAt(this.cursor);
    return {
      ...this.place(),
      group: header === null ? null : groupId(this.order.groups[header] as IssueGroup),
      below: this.geometry.layout.topOf(Math.max(0, this.cursor)) - this.offset,
    };
  }

  private isCollapsed(group: number): boolean {
    return this.hidden.has(groupId(this.order.groups[group] as IssueGroup));
  }

  private rangeOf(group: number): { start: number; end: number } {
    const { grouped } = this;
    return { start: grouped?.indexOfGroup(group) ?? 0, end: grouped?.indexOfGroup(group + 1) ?? 0 };
  }

  private rowOf(index: number): number {
    return index < 0 || !this.grouped ? index : this.grouped.rowOf(index);
  }

  private rowOfGroup(group: number): number {
    return this.grouped?.rowOfGroup(group) ?? 0;
  }

  /** The issue in a row; -1 where the row is a header or there is none. */
  private indexAt(row: number): number {
    if (row < 0 || !this.grouped) return row;
    const at = this.grouped.at(row);
    return at.kind === "issue" ? at.index : -1;
  }

  /** The group whose header is in a row; null where an issue is. */
  private headerAt(row: number): number | null {
    if (row < 0 || !this.grouped) return null;
    const at = this.grouped.at(row);
    return at.kind === "group" ? at.group : null;
  }

  private show(row: number, offset: number): void {
    const { rows } = this.geometry.layout;
    this.cursor = rows === 0 ? -1 : Math.min(Math.max(0, row), rows - 1);
    // A restored place may come from a smaller window: the cursor row has to be visible either way.
    const clamped = this.geometry.clampOffset(Math.round(offset));
    this.scrollTo(this.cursor < 0 ? 0 : this.geometry.reveal(this.cursor, clamped));
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
  private arrange(): void {
    const { ids, groups } = this.order;
    const sizes = heldSizes(groups, ids.length);
    this.grouped =
      sizes.length === 0 ? null : new GroupedRows(sizes, (group) => this.isCollapsed(group), this.rowHeight);
    this.resized(this.grouped ?? new EvenRows(ids.length, this.rowHeight));
    // What an element stands for may now be in another row.
    for (const row of this.pool) row.row = -1;
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

  /** On a scaled list one pixel of the scrollbar is more than one of content; the wheel still moves by content. */
  private readonly onWheel = (event: WheelEvent) => {
    if (this.geometry.scale === 1 || event.ctrlKey) return;
    event.preventDefault();
    const step = event.deltaMode === 1 ? this.rowHeight : event.deltaMode === 2 ? this.geometry.viewport : 1;
    this.scrollTo(this.geometry.clampOffset(this.offset + event.deltaY * step));
    this.draw();
    this.events.moved(this.place());
  };

  private readonly onClick = (event: MouseEvent) => {
    const target = event.target as Element;
    const header = target.closest<HTMLElement>("[data-group]");
    const row = target.closest<HTMLElement>("[data-index]");
    const onBox = target.closest("[data-pick]") !== null;
    this.cell.leave();
    const picks = event.shiftKey || event.ctrlKey || event.metaKey || onBox;
    if (header) {
      const group = Number(header.dataset.group);
      this.moveToRow(this.rowOfGroup(group));
      const { start, end } = this.rangeOf(group);
      if (picks) this.events.groupPicked(start, end);
      else this.toggleHere();
      return;
    }
    if (!row) return;
    const index = Number(row.dataset.index);
    if (picks) {
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
    for (const row of this.pool) if (row.row !== -1) row.setPicked(this.context.isPicked(row.id));
    for (const header of this.headers.values()) this.showPicked(header);
  }

  private showPicked(header: GroupRowElement): void {
    const group = this.headerAt(header.row);
    if (group === null) return;
    const { start, end } = this.rangeOf(group);
    header.setPicked(this.context.pickedOf(this.order.ids, start, end));
  }

  private draw(): void {
    const range = this.geometry.visible(this.offset, OVERSCAN);
    const wanted = range.end - range.start;
    while (this.pool.length < wanted) {
      this.pool.push(new IssueRowElement(this.context, this.columns));
    }

    // A row keeps its element while it stays in view: elements are dealt by row modulo the pool's size.
    const now = Date.now();
    const size = this.pool.length;
    const used = new Set<IssueRowElement>();
    const { ids } = this.order;
    const shown: number[] = [];
    for (const header of [...this.headers.values()]) {
      if (header.row < range.start || header.row >= range.end) this.putAway(header);
    }
    for (let at = range.start; at < range.end; at += 1) {
      const index = this.indexAt(at);
      if (index === -1) {
        this.drawHeader(at);
        continue;
      }
      shown.push(index);
      const row = this.pool[at % size] as IssueRowElement;
      const id = ids[index] as string;
      used.add(row);
      if (row.row !== at || row.index !== index || row.id !== id) {
        row.place(at, index, id, this.grouped?.groupOf(index) ?? null);
        row.fill(this.rows.get(id), this.rows.isGone(id), now);
      }
      this.put(row.root, at);
      row.setCursor(at === this.cursor);
      row.setCell(-1);
      row.setPicked(this.context.isPicked(id));
    }
    for (const row of this.pool) {
      if (used.has(row)) continue;
      row.row = -1;
      row.root.remove();
    }
    const active = this.cell.mark(this.cursorRow) ?? this.cursorElement;
    if (active) this.grid.setAttribute("aria-activedescendant", active.id);
    else this.grid.removeAttribute("aria-activedescendant");
    this.rows.wantAround(ids, shown);
    this.tellPlace();
    if (this.grouped) this.context.groupsShown(this.groupsBetween(range.start, range.end));
  }

  /** The groups whose headers are in some of the rows. */
  private groupsBetween(start: number, end: number): IssueGroup[] {
    const groups: IssueGroup[] = [];
    for (let row = start; row < end; row += 1) {
      const header = this.headers.has(row) ? this.headerAt(row) : null;
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
    const at = this.headerAt(header.row);
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
    const place = this.headerAt(row) ?? 0;
    const group = this.order.groups[place];
    if (!group) return;
    header.fill(row, this.rangeOf(place).start + place + 2, {
      group: place,
      id: groupId(group),
      name: this.context.groupName(group),
      size: groupSize(group),
      noTrend: this.context.noTrend(group),
      collapsed: this.isCollapsed(place),
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
    while (row < end && this.indexAt(row) === -1) row += 1;
    const index = this.indexAt(row);
    const known = this.rows.get(this.order.ids[index] ?? "");
    if (index >= 0) this.bubble.say(bubbleText(known ? this.context.sortValue(known) : "", index));
  }

  private refill(changed: ReadonlySet<string>): void {
    const now = Date.now();
    for (const row of this.pool) {
      if (row.row !== -1 && changed.has(row.id))
        row.fill(this.rows.get(row.id), this.rows.isGone(row.id), now);
    }
    this.tellPlace();
  }

  /** Draws every row on screen again: what their texts depend on has become known. */
  redraw(): void {
    const now = Date.now();
    for (const row of this.pool) {
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
    const drawn = this.pool.filter((row) => row.row !== -1);
    for (const row of drawn) row.tick(now);
    // What could not be read is asked for again, also where nobody scrolls.
    const places = drawn.map((row) => row.index);
    this.rows.wantAround(this.order.ids, places);
  }
}
