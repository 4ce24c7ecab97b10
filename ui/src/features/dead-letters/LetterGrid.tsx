import { useVirtualizer } from "@tanstack/react-virtual";
import { Check } from "lucide-react";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { useNow } from "@/components/useNow";
import { reasonText } from "@/features/outcomes/reasons";
import { cx } from "@/lib/classNames";
import { formatAge, formatBytes, formatExact } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./LetterGrid.module.css";
import { originText } from "./letterPlace";
import type { LetterList } from "./useLetterList";

const ROW_HEIGHT = 28;

/** Commands the screen gives to the grid. */
export interface LetterGridHandle {
  focus: () => void;
  /** Rows Page Up and Page Down move by. */
  pageRows: () => number;
}

interface LetterGridProps {
  list: LetterList;
  ref: Ref<LetterGridHandle>;
}

/** The letters, one a line. Only the lines in view are in the page. */
export function LetterGrid({ list, ref }: LetterGridProps) {
  // The virtualizer is one object that changes inside; the compiler would keep its first answer.
  "use no memo";
  const { rows, cursor, marked } = list;
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  useImperativeHandle(ref, () => ({
    focus: () => grid.current?.focus({ preventScroll: true }),
    pageRows: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1),
  }));

  // Rows that come or go above the cursor leave it where it is on screen.
  const last = useRef({ rows, cursor });
  useEffect(() => {
    const { rows: before, cursor: was } = last.current;
    last.current = { rows, cursor };
    if (cursor === -1) return;
    if (before !== rows && scroller.current) scroller.current.scrollTop += (cursor - was) * ROW_HEIGHT;
    virtual.scrollToIndex(cursor, { align: "auto" });
  }, [rows, cursor, virtual]);

  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Dead letters"
      aria-rowcount={rows.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={cursor === -1 ? undefined : `letter-row-${cursor}`}
      tabIndex={0}
      className={styles.grid}
      data-testid={testIds.deadLetterList}
      data-region="list"
      data-region-focus=""
    >
      <div className={styles.head} role="row" aria-rowindex={1} tabIndex={-1}>
        {["Marked", "Reason", "What is wrong", "Record", "Size", "Set aside"].map((name, at) => (
          <span key={name} role="columnheader" tabIndex={-1} className={cx(at > 3 && styles.right)}>
            {at === 0 ? <span className="visually-hidden">{name}</span> : name}
          </span>
        ))}
      </div>
      <div ref={scroller} className={styles.scroller} role="rowgroup" tabIndex={-1}>
        <div role="presentation" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const isMarked = marked.has(row.id);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus and takes the keys
              <div
                key={row.id}
                id={`letter-row-${item.index}`}
                role="row"
                tabIndex={-1}
                aria-rowindex={item.index + 2}
                aria-selected={isMarked}
                aria-label={`${reasonText(row.reason)}: ${row.detail}, ${originText({ row })}, ${row.state}`}
                className={cx(styles.row, item.index === cursor && styles.cursor)}
                style={{ transform: `translateY(${item.start}px)` }}
                data-testid={testIds.deadLetterRow}
                data-letter-id={row.id}
                data-index={item.index}
                data-state={row.state}
                data-reason={row.reason}
                data-cursor={item.index === cursor || undefined}
                onClick={(event) => {
                  grid.current?.focus({ preventScroll: true });
                  const onBox = (event.target as Element).closest("[data-mark]") !== null;
                  if (event.shiftKey) list.markTo(item.index);
                  else if (onBox || event.ctrlKey || event.metaKey) list.toggle(item.index);
                  else list.moveTo(item.index);
                }}
              >
                <span role="gridcell" tabIndex={-1} className={styles.boxCell} data-mark="">
                  <span className={cx(styles.box, isMarked && styles.checked)} aria-hidden="true">
                    {isMarked ? <Check size={12} /> : null}
                  </span>
                </span>
                <span role="gridcell" tabIndex={-1} className={styles.reason}>
                  <span className={styles.words}>{reasonText(row.reason)}</span>
                  {row.state === "new" ? null : <span className={styles.state}>{row.state}</span>}
                </span>
                <span role="gridcell" tabIndex={-1} className={styles.detail}>
                  {row.detail}
                </span>
                <span role="gridcell" tabIndex={-1} className={styles.origin}>
                  {row.partition}:{row.offset} <span className={styles.topic}>{row.topic}</span>
                </span>
                <span role="gridcell" tabIndex={-1} className={styles.right}>
                  {formatBytes(row.payload_bytes)}
                </span>
                <span
                  role="gridcell"
                  tabIndex={-1}
                  className={styles.right}
                  data-tip={formatExact(row.stored_at)}
                >
                  {formatAge(row.stored_at, now)}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
