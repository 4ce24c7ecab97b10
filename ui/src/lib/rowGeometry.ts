/**
 * Tallest element the list creates. Engines clamp element heights somewhere above 33 million pixels and lose
 * precision before that, so taller content is scaled onto this height.
 */
export const MAX_SPACER_PX = 10_000_000;

/** A range of row indices; `end` is exclusive. */
export interface RowRange {
  start: number;
  end: number;
}

/** Rows of half a screen, at least one. */
export const halfOf = (pageRows: number): number => Math.max(1, Math.floor(pageRows / 2));

/** Where rows stand, one below the other. Nothing is ever measured. */
export interface RowLayout {
  readonly rows: number;
  /** Height of an ordinary row. */
  readonly rowHeight: number;
  /** Height of all rows. */
  readonly height: number;
  /** Offset at which a row begins; for the number of rows, the height. */
  topOf(row: number): number;
  heightOf(row: number): number;
  /** The row at an offset, also beyond both ends. */
  rowAt(offset: number): number;
}

/** Rows of one height. */
export class EvenRows implements RowLayout {
  constructor(
    readonly rows: number,
    readonly rowHeight: number,
  ) {}

  get height(): number {
    return this.rows * this.rowHeight;
  }

  topOf(row: number): number {
    return row * this.rowHeight;
  }

  heightOf(): number {
    return this.rowHeight;
  }

  rowAt(offset: number): number {
    return Math.min(Math.max(0, Math.floor(offset / this.rowHeight)), Math.max(0, this.rows - 1));
  }
}

/**
 * Arithmetic between rows, content offsets and the scrollbar. "Content" offsets are real pixels of the whole list;
 * "scroll" offsets are what the element reports, and differ only when the content is taller than
 * {@link MAX_SPACER_PX}.
 */
export class RowGeometry {
  constructor(
    readonly layout: RowLayout,
    readonly viewport: number,
  ) {}

  /** Height of the whole content. */
  get contentHeight(): number {
    return this.layout.height;
  }

  /** Height of the element that makes the scrollbar. */
  get spacerHeight(): number {
    return Math.min(this.contentHeight, MAX_SPACER_PX);
  }

  /** Largest content offset the top of the viewport can have. */
  get maxOffset(): number {
    return Math.max(0, this.contentHeight - this.viewport);
  }

  /** Content pixels per scrollbar pixel; 1 unless the spacer is scaled. */
  get scale(): number {
    const scrollable = this.spacerHeight - this.viewport;
    return this.contentHeight > MAX_SPACER_PX && scrollable > 0 ? this.maxOffset / scrollable : 1;
  }

  clampOffset(offset: number): number {
    return Math.min(Math.max(0, offset), this.maxOffset);
  }

  offsetFromScroll(scrollTop: number): number {
    return this.clampOffset(scrollTop * this.scale);
  }

  scrollFromOffset(offset: number): number {
    return this.clampOffset(offset) / this.scale;
  }

  /** Rows that intersect the viewport, and `overscan` more on each side. */
  visible(offset: number, overscan = 0): RowRange {
    const { layout } = this;
    const below = offset + this.viewport;
    const last = layout.rowAt(below);
    const end = (layout.topOf(last) < below ? last + 1 : last) + overscan;
    return {
      start: Math.max(0, layout.rowAt(offset) - overscan),
      end: Math.min(layout.rows, Math.max(0, end)),
    };
  }

  /** The offset nearest to `offset` at which a row is wholly in view. */
  reveal(row: number, offset: number): number {
    const top = this.layout.topOf(row);
    const height = this.layout.heightOf(row);
    if (top < offset) return this.clampOffset(top);
    if (top + height > offset + this.viewport) return this.clampOffset(top + height - this.viewport);
    return this.clampOffset(offset);
  }

  /** The first visible row; the fraction is the part that is scrolled away. */
  topRow(offset: number): number {
    const row = this.layout.rowAt(offset);
    const height = this.layout.heightOf(row);
    return this.layout.rows === 0 ? 0 : row + (offset - this.layout.topOf(row)) / height;
  }

  /** The offset at which a row, or a fraction of one, is the first visible. */
  offsetOfRow(row: number): number {
    const whole = Math.min(Math.max(0, Math.floor(row)), this.layout.rows);
    const part = (row - whole) * this.layout.heightOf(whole);
    return this.clampOffset(Math.round(this.layout.topOf(whole) + part));
  }

  /** Rows that fit, at least one: the step of Page Up and Page Down. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.viewport / this.layout.rowHeight));
  }
}
