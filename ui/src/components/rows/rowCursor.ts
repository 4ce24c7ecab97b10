import { carryPlace } from "@/lib/listPlace";
import { createValueStore } from "@/lib/valueStore";

/** What of a row the keyboard can be on, beside the row itself. */
const CONTROLS = "button:not(:disabled),a[href]";
/** Rows of a screen where nothing has a height, as in a test. */
const PAGE = 10;

const keyOf = (row: HTMLElement | undefined): string | null => row?.dataset.row ?? null;
const controlsOf = (row: HTMLElement): HTMLElement[] => [...row.querySelectorAll<HTMLElement>(CONTROLS)];
const levelOf = (row: HTMLElement): number => Number(row.getAttribute("aria-level") ?? 1);

function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * The row that the keyboard is on in a grid of unlike rows with buttons. The rows are what is in the page, in that order,
 * whoever has put them there; a move draws nothing but the two rows it is about, so that it costs the same in a list of
 * any length.
 */
export class RowCursor {
  /** Name of the row under the cursor; null in an empty grid. */
  readonly key = createValueStore<string | null>(null);
  private grid: HTMLElement | null = null;
  private row: HTMLElement | null = null;
  /** Names of the rows as they were last seen. */
  private order: readonly string[] = [];
  /** What in the grid had the focus last. */
  private focused: Element | null = null;
  /** Where the row under the cursor was within the grid. */
  private top = 0;
  /** Whoever sits before it has said which row is meant. */
  private isChosen = false;
  private isWhole = true;
  private readOn: () => void = () => undefined;

  /** Takes a grid over until the returned function is called. */
  attach(grid: HTMLElement): () => void {
    this.grid = grid;
    const onFocus = ({ target }: FocusEvent) => this.focusedIn(target as HTMLElement);
    const onClick = ({ target }: MouseEvent) => this.clickedIn(target as HTMLElement);
    grid.addEventListener("focusin", onFocus);
    grid.addEventListener("click", onClick);
    const watch = new MutationObserver(() => this.settle());
    watch.observe(grid, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-row"] });
    this.settle();
    return () => {
      watch.disconnect();
      grid.removeEventListener("focusin", onFocus);
      grid.removeEventListener("click", onClick);
      this.grid = null;
      this.row = null;
      this.focused = null;
    };
  }

  /** `isWhole`: these are all rows. `readOn` reads further ones, when the cursor has come to the last one. */
  setEnd(isWhole: boolean, readOn: () => void): void {
    this.isWhole = isWhole;
    this.readOn = readOn;
    this.count();
  }

  /** Goes to the first row, unless another one was chosen before. */
  begin(): void {
    if (!this.isChosen) this.mark(this.rows()[0] ?? null);
  }

  /** Gives the keyboard to the row under the cursor. */
  focus(): void {
    this.grid?.focus({ preventScroll: true });
  }

  step(by: number): void {
    this.goTo(this.at + by);
  }

  /** A part of a screen down, or up. */
  page(direction: 1 | -1, part = 1): void {
    const rows = this.rows();
    const { at } = this;
    const from = rows[at];
    if (!from) return;
    const far = (this.scroller?.clientHeight ?? 0) * part;
    const top = from.getBoundingClientRect().top;
    const isNear = (row: HTMLElement) => Math.abs(row.getBoundingClientRect().top - top) < far;
    let to = at + direction;
    if (far === 0) to = at + direction * Math.max(1, Math.floor(PAGE * part));
    else for (let next = rows[to]; next && isNear(next); next = rows[to + direction]) to += direction;
    this.goTo(to);
  }

  first(): void {
    this.goTo(0);
  }

  last(): void {
    this.goTo(this.rows().length - 1);
  }

  /** From the row to its buttons, among them, and back; from the rows of something to that. */
  cell(step: 1 | -1): void {
    const { row } = this;
    if (!row) return;
    const controls = controlsOf(row);
    const at = this.control(controls);
    const next = controls[at + step];
    if (next && at + step >= 0) next.focus();
    else if (at === 0 && step === -1) this.focus();
    else if (at === -1 && step === -1) this.toParent(row);
  }

  /** To one end of the buttons of the row, from one of them; else to that end of the rows. */
  edge(end: "first" | "last"): void {
    const controls = this.row ? controlsOf(this.row) : [];
    if (this.control(controls) !== -1) controls.at(end === "first" ? 0 : -1)?.focus();
    else if (end === "first") this.first();
    else this.last();
  }

  /** Opens what the row is about, or shows what it has; where there is no such thing, to its first button. */
  open(): void {
    const opener = this.row?.querySelector<HTMLElement>("[data-row-open]");
    if (opener) opener.click();
    else if (this.row) controlsOf(this.row)[0]?.focus();
  }

  private rows(): HTMLElement[] {
    return [...(this.grid?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  }

  private get at(): number {
    return this.row === null ? -1 : this.rows().indexOf(this.row);
  }

  private get scroller(): HTMLElement | null {
    return this.grid?.closest<HTMLElement>("[data-row-scroller]") ?? null;
  }

  /** Which of the buttons has the keyboard; -1 for none. */
  private control(controls: readonly HTMLElement[]): number {
    return controls.indexOf(document.activeElement as HTMLElement);
  }

  private goTo(index: number): void {
    const rows = this.rows();
    const row = rows[Math.min(Math.max(0, index), rows.length - 1)];
    if (!row) return;
    const column = this.row ? this.control(controlsOf(this.row)) : -1;
    this.choose(row);
    row.scrollIntoView?.({ block: "nearest" });
    // Whoever goes along the buttons of one kind stays among them.
    const controls = controlsOf(row);
    const button = column === -1 ? undefined : controls[Math.min(column, controls.length - 1)];
    if (button) button.focus();
    else this.focus();
    if (index >= rows.length - 1) this.readOn();
  }

  private toParent(row: HTMLElement): void {
    const rows = this.rows();
    const above = rows.slice(0, rows.indexOf(row));
    const parent = above.findLast((one) => levelOf(one) < levelOf(row));
    if (parent) this.goTo(rows.indexOf(parent));
  }

  private focusedIn(target: HTMLElement): void {
    this.focused = target;
    const row = target.closest<HTMLElement>("[data-row]");
    if (row) this.choose(row);
  }

  private clickedIn(target: HTMLElement): void {
    const row = target.closest<HTMLElement>("[data-row]");
    if (!row) return;
    this.choose(row);
    if (!target.closest(CONTROLS)) this.focus();
  }

  private choose(row: HTMLElement): void {
    this.isChosen = true;
    this.mark(row);
  }

  private mark(row: HTMLElement | null): void {
    if (row !== this.row) {
      delete this.row?.dataset.cursor;
      this.row = row;
    }
    if (row) {
      row.dataset.cursor = "";
      this.grid?.setAttribute("aria-activedescendant", row.id);
    } else this.grid?.removeAttribute("aria-activedescendant");
    this.top = this.topOfRow();
    this.key.set(keyOf(row ?? undefined));
  }

  /** Rows inside of another box scroll there; then that of their box counts. */
  private topOfRow(): number {
    const box = this.row?.closest("[role=rowgroup]") ?? this.row;
    return (box?.getBoundingClientRect().top ?? 0) - (this.grid?.getBoundingClientRect().top ?? 0);
  }

  /** After rows have come, gone or changed: the same cursor among the rows there are now. */
  private settle(): void {
    const { grid } = this;
    if (!grid) return;
    const rows = this.rows();
    const order = rows.map((row) => keyOf(row) ?? "");
    const before = { top: this.top, row: this.row };
    this.mark(this.row?.isConnected ? this.row : (rows[this.placeIn(order)] ?? null));
    this.order = order;
    // Rows that come or go above the cursor leave it where it is on screen.
    const { scroller } = this;
    if (scroller && before.row === this.row && scroller.scrollTop > 0) {
      scroller.scrollTop += this.top - before.top;
    }
    // One tab stop: what is in the rows is reached from them.
    for (const control of grid.querySelectorAll(CONTROLS)) setAttribute(control, "tabindex", "-1");
    for (const [index, row] of rows.entries()) setAttribute(row, "aria-rowindex", String(index + 1));
    this.count();
    if (this.focused && !this.focused.isConnected) {
      this.focused = null;
      if (document.activeElement === document.body) this.focus();
    }
  }

  /** Where the cursor is among other rows: on its own, else on what came in its place, else on the next one. */
  private placeIn(order: readonly string[]): number {
    const was = this.key.get();
    if (was === null) return 0;
    const index = this.order.indexOf(was);
    if (index !== -1 && !order.includes(was)) {
      const above = this.order.slice(0, index).findLast((key) => order.includes(key));
      const place = above === undefined ? 0 : order.indexOf(above) + 1;
      const there = order[place];
      if (there !== undefined && !this.order.includes(there)) return place;
    }
    return carryPlace({ index, issue: was, topRow: 0 }, this.order, order).index;
  }

  private count(): void {
    if (this.grid) setAttribute(this.grid, "aria-rowcount", this.isWhole ? String(this.rows().length) : "-1");
  }
}
