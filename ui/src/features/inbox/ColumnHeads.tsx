import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useLayoutEffect,
  useRef,
} from "react";
import { alsoStep, rankOf, sortAlsoBy, sortBy, sortMark } from "@/app/order";
import { useServices } from "@/app/services";
import type { IssueOrder, IssueSort } from "@/ipc";
import { cx } from "@/lib/classNames";
import { keyText } from "@/lib/platform";
import styles from "./ColumnHeads.module.css";
import { placeColumn, SLACK, useColumnDrag } from "./columnDrag";
import { COLUMN_WIDTHS, type ColumnWidths } from "./columnWidths";
import grid from "./IssueGrid.module.css";
import { LIST_COLUMNS, type ListColumn, UNSORTED } from "./listColumns";
import { sortPhrase } from "./sortWords";

/** Columns of numbers and ages, which line up at their end. */
const RIGHT: ReadonlySet<ListColumn> = new Set(["events", "users", "first", "last", "assignee"]);
/** Pixels that a key makes a column wider by. */
const WIDTH_STEP = 8;
/** Width of a column that is not laid out, as under a test. */
const FALLBACK_WIDTH = 80;
/** How far from the border of a head, in pixels, a click is on that border and not on the head. */
const BORDER = 6;

/** Puts the focus on the first head behind the issue, or on that of the issue where no column is shown. */
export function focusHead(heads: HTMLElement | null): void {
  const first = heads?.querySelector<HTMLElement>("[data-column]");
  (first ?? heads?.querySelector<HTMLElement>("[data-sorts]"))?.focus();
}

type ChangeWidth = (name: ListColumn, width: number | null) => number | null;

interface ColumnHeadsProps {
  /** Columns beside the issue, in their order. */
  columns: readonly ListColumn[];
  onColumns: (columns: readonly ListColumn[]) => void;
  /** Widths that were chosen. */
  widths: ColumnWidths;
  /** Gives a column a width as far as there is room, or with null its usual one. Answers the width it has got. */
  onWidth: ChangeWidth;
  sort: IssueOrder;
  onSort: (order: IssueOrder) => void;
  /** The rows may show numbers of some time only. */
  inRange: boolean;
  /** The list should have the keyboard. */
  onLeave: () => void;
  /** The box in front of them. */
  children: ReactNode;
  ref?: Ref<HTMLDivElement>;
}

/**
 * The row above the list. A head sorts by its column, and can be dragged to another place or by its edge to another
 * width; with the focus on it, keys do all of that.
 */
export function ColumnHeads(props: ColumnHeadsProps) {
  const { columns, onColumns, widths, onWidth, sort, onSort, inRange, onLeave, children, ref } = props;
  const { announcer } = useServices();
  const moved = useRef<HTMLElement | null>(null);
  // Putting a node in another place takes the focus from it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the order
  useLayoutEffect(() => {
    moved.current?.focus();
    moved.current = null;
  }, [columns]);

  const place = (name: ListColumn, at: number, head?: HTMLElement) => {
    const next = placeColumn(columns, name, at);
    if (next === columns) return;
    if (head) moved.current = head;
    onColumns(next);
    const words = LIST_COLUMNS[name].title;
    announcer.say(`${words}: column ${next.indexOf(name) + 1} of ${next.length}`, "column");
  };
  const drag = useColumnDrag(columns, ({ name, at }) => place(name, at));
  const widen = (name: ListColumn, head: HTMLElement, by: number) => {
    const now = widths[name] ?? (head.getBoundingClientRect().width || FALLBACK_WIDTH);
    const width = onWidth(name, now + by) ?? now;
    const isFull = width < Math.min(now + by, COLUMN_WIDTHS.most);
    const full = isFull ? ", there is no more room" : "";
    announcer.say(`${LIST_COLUMNS[name].title}: ${width} pixels wide${full}`, "column");
  };
  const sortWith = (sorts: IssueSort, also: boolean) =>
    onSort(also ? sortAlsoBy(sort, sorts) : sortBy(sort, sorts));

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, sorts: IssueSort | null, name?: ListColumn) => {
    if (event.ctrlKey || event.metaKey) return;
    const head = event.currentTarget;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined && event.altKey) {
      if (name !== undefined && event.shiftKey) widen(name, head, step * WIDTH_STEP);
      else if (name !== undefined) {
        place(name, columns.indexOf(name) + step, head);
      }
    } else if (step !== undefined) {
      const heads = [...(head.parentElement?.querySelectorAll<HTMLElement>("[data-head]") ?? [])];
      heads[heads.indexOf(head) + step]?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      if (sorts !== null) sortWith(sorts, event.shiftKey);
    } else if (event.key === "Escape" || event.key === "ArrowDown") onLeave();
    else return;
    event.preventDefault();
  };

  const head = (sorts: IssueSort | null, title: string, words: ReactNode, name?: ListColumn) => {
    const others = columns.filter((other) => other !== drag.drop?.name);
    const before = name !== undefined && drag.drop !== null && others[drag.drop.at] === name;
    const after = name !== undefined && drag.drop?.at === others.length && others.at(-1) === name && !before;
    return (
      <SortHead
        key={name ?? sorts}
        column={name}
        title={title}
        sorts={sorts}
        order={sort}
        inRange={inRange}
        drop={before ? "before" : after ? "after" : undefined}
        onKeyDown={(event) => onKeyDown(event, sorts, name)}
        onSort={(also) => {
          if (sorts !== null && !drag.wasDrag()) sortWith(sorts, also);
        }}
        drag={name === undefined ? undefined : drag.handlers(name)}
      >
        {words}
        {name === undefined ? null : <Edge name={name} onWidth={onWidth} />}
      </SortHead>
    );
  };

  return (
    <div ref={ref} className={styles.head} role="row" aria-rowindex={1} tabIndex={-1}>
      <span role="columnheader" tabIndex={-1} className={grid.pick}>
        {children}
      </span>
      {columns.includes("level") ? (
        // Its words are a column of their own, which says how the list is sorted by it.
        <span role="columnheader" tabIndex={-1}>
          <span className="visually-hidden">Level</span>
        </span>
      ) : (
        head("level", "Level", <span className="visually-hidden">Level</span>)
      )}
      {head("title", "Title", "Issue")}
      {columns.map((name) => {
        const { title, head: words, sorts } = inRange && name === "trend" ? RANGED_TREND : LIST_COLUMNS[name];
        return head(sorts, title, words, name);
      })}
    </div>
  );
}

interface SortHeadProps {
  /** The column behind the issue that it is above; absent above the issue itself and its level. */
  column?: ListColumn | undefined;
  /** What the column is called where there is room. */
  title: string;
  /** What a click sorts by; nothing where there is no such order. */
  sorts: IssueSort | null;
  order: IssueOrder;
  inRange: boolean;
  /** Side on which a dragged column would come. */
  drop?: "before" | "after" | undefined;
  drag?: ReturnType<ReturnType<typeof useColumnDrag>["handlers"]> | undefined;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onSort: (also: boolean) => void;
  children: ReactNode;
}

/** What Shift and a click do to a column. */
const ALSO_TIPS = {
  add: "Shift+click to sort by it as well",
  replace: "Shift+click to sort by it instead of the last",
  flip: "Shift+click to turn it round",
  remove: "Shift+click to leave it out",
} as const;

/** The trend of a search that may ask for some time. */
const RANGED_TREND = {
  ...LIST_COLUMNS.trend,
  title: "Trend in the time of the search, or of the last 24 h where that has no beginning",
  head: "Trend",
};

/** How the order by trend weighs issues (search specification, section 8.3). */
const TREND_FORMULA =
  "sorted by newness × events, each counting half after 4 h × last hour against the last 7 days";

/** What an order goes by where the numbers below are those of some time only. */
const LIFETIME = {
  events: "the order is by all events of an issue, whatever time the search asks for",
  users: "the order is by all users of an issue, whatever time the search asks for",
};

/**
 * The name above a column. A click sorts by it alone, with Shift behind what the list is sorted by already, where there
 * is an order by it.
 */
function SortHead(props: SortHeadProps) {
  const { column, title, sorts, order, inRange, drop, drag, onKeyDown, onSort, children } = props;
  const rank = sorts === null ? null : rankOf(order, sorts);
  const tips = [
    sorts === null || rank?.of === 1 ? null : "click to sort by it alone",
    sorts === null ? null : ALSO_TIPS[alsoStep(order, sorts)],
    column && UNSORTED[column],
    sorts === "trends" && TREND_FORMULA,
    inRange && (sorts === "events" || sorts === "users") && LIFETIME[sorts],
    column && `drag to move it, or ${keyText("Alt+ArrowLeft")} ${keyText("Alt+ArrowRight")}`,
  ];
  return (
    <span
      role="columnheader"
      // The list is one stop of the keyboard; a key of it leads here.
      tabIndex={-1}
      // Of several keys it is the first one's to say; the words below say it of each.
      aria-sort={rank?.rank === 1 ? (rank.ascending ? "ascending" : "descending") : undefined}
      className={cx(column && RIGHT.has(column) && styles.right, sorts !== null && styles.sorts)}
      data-column={column}
      data-head=""
      data-sorts={sorts ?? undefined}
      data-rank={rank?.rank}
      data-drop={drop}
      data-tip={`${title}: ${tips.filter(Boolean).join(", ")}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => onSort(event.shiftKey)}
      onKeyDown={onKeyDown}
      {...drag}
    >
      {children}
      {rank && sorts !== null ? (
        <>
          <span aria-hidden="true"> {sortMark(rank)}</span>
          <span className="visually-hidden">
            , {sortPhrase({ by: sorts, ascending: rank.ascending }, rank.rank, rank.of)}
          </span>
        </>
      ) : null}
    </span>
  );
}

/**
 * The edge that is dragged to make a column wider. The issue beside the columns takes what they leave. It is large enough
 * to be hit and so lies over the words of the head; a click on these is one on the head.
 */
function Edge({ name, onWidth }: { name: ListColumn; onWidth: ChangeWidth }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const dragged = useRef(false);
  const onBorder = (event: MouseEvent<HTMLElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left < BORDER;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Alt and Shift with an arrow do the same on the head
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <span
      className={styles.edge}
      data-edge=""
      onClick={(event) => {
        if (dragged.current || onBorder(event)) event.stopPropagation();
        dragged.current = false;
      }}
      onDoubleClick={(event) => {
        if (onBorder(event)) onWidth(name, null);
      }}
      onPointerDown={(event) => {
        event.stopPropagation();
        dragged.current = false;
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture?.(event.pointerId);
        const width = event.currentTarget.parentElement?.getBoundingClientRect().width || FALLBACK_WIDTH;
        from.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (!from.current) return;
        event.stopPropagation();
        const way = from.current.x - event.clientX;
        if (!dragged.current && Math.abs(way) < SLACK) return;
        dragged.current = true;
        onWidth(name, from.current.width + way);
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
    />
  );
}
