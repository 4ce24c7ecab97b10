import { type ComponentProps, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { cx } from "@/lib/classNames";
import styles from "./RowGrid.module.css";
import type { RowCursor } from "./rowCursor";

interface RowGridProps {
  cursor: RowCursor;
  label: string;
  /** Some rows belong to others, which show and hide them. */
  isTree?: boolean;
  /** False while these are the rows of an earlier visit, which are read again. */
  isRead: boolean;
  /** False while further rows can be read. */
  isWhole?: boolean;
  /** Reads them. */
  onEnd?: () => void;
  className?: string;
  testId: string;
  children: ReactNode;
}

const nothing = () => undefined;

/**
 * A list of unlike rows with buttons as one tab stop (UX 24). The cursor walks what stands in it as {@link GridRow}; an
 * ancestor that scrolls has `data-row-scroller`.
 */
export function RowGrid(props: RowGridProps) {
  const { cursor, label, isTree = false, isRead, isWhole = true, onEnd = nothing } = props;
  const { className, testId, children } = props;
  const grid = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (grid.current ? cursor.attach(grid.current) : undefined), [cursor]);
  useLayoutEffect(() => cursor.setEnd(isWhole, onEnd), [cursor, isWhole, onEnd]);
  useLayoutEffect(() => {
    if (isRead) cursor.begin();
  }, [cursor, isRead]);
  useEffect(() => {
    if (document.activeElement === document.body) cursor.focus();
  }, [cursor]);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles support them
    <div
      ref={grid}
      role={isTree ? "treegrid" : "grid"}
      aria-label={label}
      tabIndex={0}
      className={cx(styles.grid, className)}
      data-testid={testId}
      data-region="list"
      data-region-focus=""
    >
      {children}
    </div>
  );
}

interface GridRowProps extends ComponentProps<"div"> {
  /** Name of the row; it stays the same as long as the row is about the same. */
  rowKey: string;
}

/** A row of a {@link RowGrid}. What `Enter` presses in it has `data-row-open`. */
export function GridRow({ rowKey, className, ...rest }: GridRowProps) {
  return (
    <div
      {...rest}
      id={`row-${rowKey}`}
      role="row"
      tabIndex={-1}
      className={cx(styles.row, className)}
      data-row={rowKey}
    />
  );
}

/** A cell of a row. */
export function GridCell(props: ComponentProps<"div">) {
  return <div {...props} role="gridcell" tabIndex={-1} />;
}
