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

/**
 * Arithmetic between row indices, content offsets and the scrollbar. Rows have one fixed height, so nothing is ever
 * measured. "Content" offsets are real pixels of the whole list; "scroll" offsets are what the element reports, and
 * differ only when the content is taller than {@link MAX_SPACER_PX}.
 */
export class RowGeometry {
  constructor(
    readonly rows: number,
    readonly rowHeight: number,
    readonly viewport: number,
  ) {}

  /** Height of the whole content. */
  get contentHeight(): number {
    return this.rows * this.rowHeight;
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
    const start = Math.floor(offset / this.rowHeight) - overscan;
    const end = Math.ceil((offset + this.viewport) / this.rowHeight) + overscan;
    return { start: Math.max(0, start), end: Math.min(this.rows, Math.max(0, end)) };
  }

  /** The offset nearest to `offset` at which row `index` is wholly in view. */
  reveal(index: number, offset: number): number {
    const top = index * this.rowHeight;
    if (top < offset) return this.clampOffset(top);
    if (top + this.rowHeight > offset + this.viewport)
      return this.clampOffset(top + this.rowHeight - this.viewport);
    return this.clampOffset(offset);
  }

  /** Rows that fit, at least one: the step of Page Up and Page Down. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.viewport / this.rowHeight));
  }
}
