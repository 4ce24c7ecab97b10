import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { usePeople } from "@/app/people";
import { ROW_HEIGHT, usePreferences } from "@/app/preferences";
import { useServices } from "@/app/services";
import { cx } from "@/lib/classNames";
import { LIST_START, type ListPlace } from "@/lib/listPlace";
import { testIds } from "@/lib/testIds";
import styles from "./IssueGrid.module.css";
import { IssueListView } from "./issueListView";

/** Commands the screen gives to the list. */
export interface IssueGridHandle {
  view: () => IssueListView | null;
  focus: () => void;
  element: () => HTMLElement | null;
}

interface IssueGridProps {
  ids: readonly string[];
  /** Exact number of matches; larger than `ids` where the store capped the list. */
  total: number;
  /** Where to start; a new object moves the list there. */
  start: ListPlace | null;
  /** The list answers an older question than the one in the field. */
  stale: boolean;
  /** New orders are shown from their top. */
  following: boolean;
  onMoved: (place: ListPlace) => void;
  onOpen: (index: number) => void;
  ref?: Ref<IssueGridHandle>;
}

/** Frame of the issue list: header, roles and focus. The rows themselves are drawn by {@link IssueListView}. */
export function IssueGrid({ ids, total, start, stale, following, onMoved, onOpen, ref }: IssueGridProps) {
  const { rows } = useServices();
  const { density } = usePreferences();
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRef<IssueListView | null>(null);
  const people = usePeople();
  const latest = useRef({ onMoved, onOpen, people });
  const [rowHeight] = useState(() => ROW_HEIGHT[density]);

  useLayoutEffect(() => {
    latest.current = { onMoved, onOpen, people };
  });

  useLayoutEffect(() => {
    if (!grid.current || !scroller.current) return;
    const created = new IssueListView(
      grid.current,
      scroller.current,
      rows,
      () => latest.current.people,
      {
        moved: (place) => latest.current.onMoved(place),
        opened: (index) => latest.current.onOpen(index),
      },
      rowHeight,
    );
    view.current = created;
    return () => {
      view.current = null;
      created.destroy();
    };
  }, [rows, rowHeight]);

  // A place is given once; after that the list carries its own place from one order to the next. A followed list
  // stays at its top instead.
  const given = useRef<ListPlace | null>(null);
  useLayoutEffect(() => {
    const list = view.current;
    if (!list) return;
    const top = following && list.cursorIndex <= 0 ? LIST_START : undefined;
    list.setIds(ids, start !== given.current ? (start ?? undefined) : top);
    given.current = start;
  }, [ids, start, following]);
  useEffect(() => view.current?.setRowHeight(ROW_HEIGHT[density]), [density]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows read the names themselves
  useEffect(() => view.current?.redraw(), [people]);
  useImperativeHandle(ref, () => ({
    view: () => view.current,
    focus: () => grid.current?.focus({ preventScroll: true }),
    element: () => grid.current,
  }));

  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Issues"
      aria-rowcount={total + 1}
      tabIndex={0}
      className={cx(styles.grid, styles[density], stale && styles.stale)}
      data-testid={testIds.issueList}
      data-region="list"
      data-region-focus=""
    >
      <div className={styles.head} role="row" aria-rowindex={1} tabIndex={-1}>
        <span role="columnheader" tabIndex={-1}>
          <span className="visually-hidden">Level</span>
        </span>
        <span role="columnheader" tabIndex={-1}>
          Issue
        </span>
        <span role="columnheader" tabIndex={-1}>
          24 h
        </span>
        <span role="columnheader" tabIndex={-1} className={styles.right}>
          Events
        </span>
        <span role="columnheader" tabIndex={-1} className={styles.right}>
          First
        </span>
        <span role="columnheader" tabIndex={-1} className={styles.right}>
          Last
        </span>
        <span role="columnheader" tabIndex={-1} className={styles.right}>
          <span className="visually-hidden">Assigned to</span>
        </span>
      </div>
      <div ref={scroller} className={styles.scroller} role="rowgroup" tabIndex={-1} />
    </div>
  );
}
