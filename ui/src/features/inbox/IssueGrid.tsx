import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import { firstKey } from "@/app/order";
import { usePeople } from "@/app/people";
import { ROW_HEIGHT } from "@/app/preferences";
import { useServices } from "@/app/services";
import { isAll, type Picked, pickedOf } from "@/features/selection/selection";
import type { IssueGrouping, IssueOrder, IssueSnapshot, RowDensity } from "@/ipc";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { cx } from "@/lib/classNames";
import { LIST_START, type ListPlace } from "@/lib/listPlace";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { ColumnHeads, focusHead } from "./ColumnHeads";
import { widthProperties, widthsIn } from "./columnWidths";
import { groupName, whyNoTrend } from "./groupings";
import { GroupTrends } from "./groupTrends";
import styles from "./IssueGrid.module.css";
import { IssueListView } from "./issueListView";
import { whyLeft } from "./isTerms";
import { columnTracks, fittingColumns, fittingWidth, groupTracks, type ListColumn } from "./listColumns";
import { extrasQuestion, mayHaveRange } from "./rowExtras";
import { sortValue } from "./scrollBubble";

/** Commands the screen gives to the list. */
export interface IssueGridHandle {
  view: () => IssueListView | null;
  focus: () => void;
  element: () => HTMLElement | null;
  /** To the heads of the columns, where they are moved and made wider by keys. */
  focusHeads: () => void;
}

/** How a list begins. */
export interface ListStart {
  /** Which list. */
  key: string;
  place: ListPlace;
  /** The groups that are collapsed, by their ids. */
  collapsed: ReadonlySet<string>;
}

/** How the number of rows is called that nobody knows. */
const UNKNOWN = -1;

/** The button of a pointer that is pressed for a window of its own. */
const MIDDLE = 1;

interface IssueGridProps {
  /** The order of the issues, and its groups. It may be capped, the total is exact. */
  snapshot: IssueSnapshot;
  /** These are its first rows alone, and how many follow is not known yet. */
  isHead: boolean;
  /** How many rows it will have about, as long as these are its first ones alone; null where nobody knows. */
  about: number | null;
  /** The search it answers. */
  query: string;
  /** What it is grouped by. */
  grouping: IssueGrouping | null;
  onCollapsed: (groups: ReadonlySet<string>) => void;
  /** How the list begins; a new object begins another list, and a new place in it moves the list there. */
  start: ListStart;
  /** The list answers an older question than the one in the field. */
  stale: boolean;
  /** How high the rows are. */
  density: RowDensity;
  /** Columns beside the issue, in their order. */
  columns: readonly ListColumn[];
  /** The view whose widths the columns have; undefined for those of lists without one. */
  widthsOf: string | undefined;
  /** Told how many of the columns the list has no room for. */
  onHidden: (columns: number) => void;
  onColumns: (columns: readonly ListColumn[]) => void;
  /** The order, and what another one does. */
  sort: IssueOrder;
  onSort: (order: IssueOrder) => void;
  /** New orders are shown from their top. */
  following: boolean;
  onMoved: (place: ListPlace) => void;
  /** Other rows may be on screen now. Told once for each drawing. */
  onDrawn: () => void;
  onOpen: (index: number) => void;
  /** In a window of its own. */
  onOpenAside: (index: number) => void;
  onPick: (index: number, how: "toggle" | "range" | "add") => void;
  /** The box of a group: the issues from one place of the order up to another. */
  onPickGroup: (start: number, end: number) => void;
  /** The box of the header: everything, or nothing. */
  onPickAll: () => void;
  ref?: Ref<IssueGridHandle>;
}

/** Frame of the issue list: header, roles and focus. The rows themselves are drawn by {@link IssueListView}. */
export function IssueGrid(props: IssueGridProps) {
  const {
    snapshot,
    isHead,
    about,
    query,
    grouping,
    onCollapsed,
    start,
    stale,
    density,
    columns: wanted,
    widthsOf: ofView,
    onColumns,
    onHidden,
    sort,
    onSort,
    following,
    onMoved,
    onDrawn,
    onOpen,
    onOpenAside,
    onPick,
    onPickGroup,
    onPickAll,
    ref,
  } = props;
  const { total } = snapshot;
  const order = useMemo(
    () => (isHead && about !== null ? { ids: snapshot.ids, groups: snapshot.groups, about } : snapshot),
    [snapshot, isHead, about],
  );
  const { host, rows, selection, columnWidths } = useServices();
  const widths = widthsIn(useValue(columnWidths.all), ofView);
  const [room, setRoom] = useState(Number.POSITIVE_INFINITY);
  const columns = useMemo(() => fittingColumns(wanted, widths, room), [wanted, widths, room]);
  const header = groupTracks(columns);
  const hidden = wanted.length - columns.length;
  useEffect(() => onHidden(hidden), [onHidden, hidden]);
  const picked = useValue(selection.picked);
  const grid = useRef<HTMLDivElement>(null);
  const heads = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRef<IssueListView | null>(null);
  const [trends] = useState(() => new GroupTrends(() => view.current?.redrawTrends()));
  const people = usePeople();
  const left = useMemo(() => whyLeft(query), [query]);
  const latest = useRef({
    onMoved,
    onDrawn,
    onOpen,
    onPick,
    onPickGroup,
    onCollapsed,
    people,
    grouping,
    left,
    sort,
  });
  const [rowHeight] = useState(() => ROW_HEIGHT[density]);

  useLayoutEffect(() => {
    latest.current = {
      onMoved,
      onDrawn,
      onOpen,
      onPick,
      onPickGroup,
      onCollapsed,
      people,
      grouping,
      left,
      sort,
    };
  });

  // What the list has room for is its own matter, not that of the window: a panel, a wide rail and zoom take from it.
  useLayoutEffect(() => {
    const body = scroller.current;
    if (!body) return;
    const measure = () => setRoom(body.clientWidth);
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(body);
    return () => resize.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!grid.current || !scroller.current) return;
    const created = new IssueListView(
      grid.current,
      scroller.current,
      rows,
      {
        people: () => latest.current.people,
        left: (row) => latest.current.left(row),
        sortValue: (row) => sortValue(row, firstKey(latest.current.sort), Date.now(), latest.current.people),
        isPicked: (id) => selection.has(id),
        pickedOf: (ids, start, end) => pickedOf(selection.picked.get(), ids, start, end),
        groupName: (group) => {
          const { grouping, people } = latest.current;
          return grouping === null ? "" : groupName(group, grouping, people);
        },
        groupTrend: (group) => trends.get(group),
        noTrend: (group) => {
          const { grouping } = latest.current;
          return grouping === null ? null : whyNoTrend(group, grouping);
        },
        groupsShown: (groups) => trends.want(groups),
      },
      {
        moved: (place) => latest.current.onMoved(place),
        drawn: () => latest.current.onDrawn(),
        opened: (index) => latest.current.onOpen(index),
        picked: (index, how) => latest.current.onPick(index, how),
        groupPicked: (start, end) => latest.current.onPickGroup(start, end),
        collapsed: (groups) => latest.current.onCollapsed(groups),
      },
      rowHeight,
    );
    view.current = created;
    const stop = selection.picked.subscribe(() => created.redrawPicked());
    return () => {
      stop();
      view.current = null;
      created.destroy();
    };
  }, [rows, selection, rowHeight, trends]);

  // Before the order is drawn, which asks for the trends of what it shows.
  const asked = useRef("");
  useLayoutEffect(() => {
    const question = `${grouping} ${query}`;
    const fetch = (keys: (string | null)[]) =>
      grouping === null ? Promise.resolve([]) : host.groupTrends(query, grouping, keys);
    trends.begin(snapshot.groups.length > 0 ? fetch : null, question === asked.current);
    asked.current = question;
  }, [trends, host, snapshot, query, grouping]);

  // A list that was read anew goes by newer numbers than the rows that are known. Before it is drawn, which asks for them.
  // The rest of a list whose first rows are there is no other one, unless something was changed between the two.
  const headRevision = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (isHead || headRevision.current !== snapshot.revision) rows.outdate();
    headRevision.current = isHead ? snapshot.revision : null;
  }, [rows, snapshot, isHead]);
  // Columns that are chosen want more of the rows that are drawn already, and tall rows have a line for the frame.
  useLayoutEffect(() => {
    const shown: readonly ListColumn[] = density === "comfortable" ? [...columns, "frame"] : columns;
    if (rows.ask(extrasQuestion(query, sort, shown))) view.current?.reread();
  }, [rows, query, sort, columns, density]);
  useEffect(() => () => void rows.ask(null), [rows]);

  // A place is given once; after that the list carries its own place from one order to the next. A followed list
  // stays at its top instead.
  const given = useRef<ListStart | null>(null);
  useLayoutEffect(() => {
    const list = view.current;
    if (!list) return;
    const isOther = start !== given.current;
    const place = start.place === given.current?.place ? undefined : start.place;
    const top = following && list.isAtTop ? LIST_START : undefined;
    list.setOrder(order, place ?? top, isOther ? start.collapsed : undefined);
    given.current = start;
  }, [order, start, following]);
  useEffect(() => view.current?.setRowHeight(ROW_HEIGHT[density]), [density]);
  // Before the first paint: rows without their cells would be drawn twice.
  useLayoutEffect(() => view.current?.setColumns(columns), [columns]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows read the names themselves
  useEffect(() => view.current?.redraw(), [people]);
  useImperativeHandle(ref, () => ({
    view: () => view.current,
    focus: () => grid.current?.focus({ preventScroll: true }),
    element: () => grid.current,
    focusHeads: () => focusHead(heads.current),
  }));

  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles support them
    <div
      ref={grid}
      role={grouping === null ? "grid" : "treegrid"}
      aria-label="Issues"
      aria-rowcount={isHead ? UNKNOWN : total + snapshot.groups.length + 1}
      aria-multiselectable="true"
      tabIndex={0}
      className={cx(styles.grid, styles[density], stale && styles.stale)}
      style={
        {
          ...widthProperties(widths),
          "--columns": columnTracks(columns),
          "--group-columns": header.tracks,
          "--group-trend": header.trend,
        } as React.CSSProperties
      }
      data-testid={testIds.issueList}
      data-region="list"
      data-region-focus=""
    >
      <ColumnHeads
        ref={heads}
        columns={columns}
        // Those without room stay behind the others.
        onColumns={(next) => onColumns([...next, ...wanted.slice(columns.length)])}
        widths={widths}
        onWidth={(name, width) =>
          columnWidths.choose(name, fittingWidth(name, width, columns, widths, room), ofView)
        }
        sort={sort}
        onSort={onSort}
        inRange={mayHaveRange(query)}
        onLeave={() => grid.current?.focus({ preventScroll: true })}
      >
        <PickAll picked={picked} all={!isHead && isAll(picked, snapshot)} onPickAll={onPickAll} />
      </ColumnHeads>
      <div
        ref={scroller}
        className={styles.scroller}
        role="rowgroup"
        tabIndex={-1}
        onAuxClick={(event) => {
          const row = (event.target as Element).closest<HTMLElement>("[data-index]");
          if (row && event.button === MIDDLE) onOpenAside(Number(row.dataset.index));
        }}
      />
    </div>
  );
}

/** The box above the rows. Out of the tab order: the list is one stop, and keys do the same. */
function PickAll({ picked, all, onPickAll }: { picked: Picked; all: boolean; onPickAll: () => void }) {
  const keymap = useKeymap();
  const state = picked.kind === "none" ? "false" : all ? "true" : "mixed";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys do the same while the list has the focus
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <span
      role="checkbox"
      aria-checked={state}
      aria-label="Select all matching issues"
      className={styles.box}
      data-tip={
        state === "true"
          ? keymap.tip("Clear the selection", "select.clear")
          : keymap.tip("Select all", "select.all")
      }
      data-testid={testIds.selectAll}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPickAll}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" className={styles.tick} aria-hidden="true">
        <path d={state === "mixed" ? "M3 8h10" : "M3 8.5 6.5 12 13 4.5"} />
      </svg>
    </span>
  );
}
