import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { listDensityActions } from "@/app/densityActions";
import { turned } from "@/app/order";
import { listSearch } from "@/app/place";
import { DENSITIES, preferences, usePreferences } from "@/app/preferences";
import { type Hint, useServices } from "@/app/services";
import { useOpenWindow } from "@/app/useOpenWindow";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { useSlow } from "@/components/useSlow";
import { BulkBar } from "@/features/bulk/BulkBar";
import { useBundle } from "@/features/bundle/useBundle";
import { issuesOf } from "@/features/export/exportable";
import { IssueExportDialog } from "@/features/export/IssueExportDialog";
import { useCopyActions } from "@/features/export/useCopyActions";
import { useExportActions } from "@/features/export/useExportActions";
import { PreviewPanel } from "@/features/preview/PreviewPanel";
import { SelectionBanner } from "@/features/selection/SelectionBanner";
import { countElsewhere } from "@/features/selection/selection";
import { useSelectionActions } from "@/features/selection/useSelectionActions";
import { AssignChooser, PriorityChooser } from "@/features/triage/Choosers";
import { TriageLayer } from "@/features/triage/TriageLayer";
import { startRun } from "@/features/triage-mode/triageRun";
import { useViews } from "@/features/views/useViews";
import { ViewTabs } from "@/features/views/ViewTabs";
import { Welcome } from "@/features/welcome/Welcome";
import { HostError, type IssueGrouping, type IssueOrder } from "@/ipc";
import { useActions } from "@/keyboard/useActions";
import { plural } from "@/lib/format";
import { LIST_START, type ListPlace } from "@/lib/listPlace";
import { createValueStore, useValue } from "@/lib/valueStore";
import { ColumnsPopover } from "./ColumnsPopover";
import { GoToRow } from "./GoToRow";
import { groupActions } from "./groupActions";
import styles from "./InboxScreen.module.css";
import { InboxToolbar } from "./InboxToolbar";
import { IssueGrid, type IssueGridHandle, type ListStart } from "./IssueGrid";
import { useInboxActions } from "./inboxActions";
import { listKey, type ShownList } from "./inboxMemory";
import { NoMatch } from "./NoMatch";
import { QueryField, type QueryFieldHandle } from "./QueryField";
import { ResultCount } from "./ResultCount";
import { RowPlaceholders } from "./RowPlaceholders";
import { SortPopover } from "./SortPopover";
import { useFollow } from "./useFollow";
import { useIssueList, useLiveRows, useNothingStored } from "./useIssueList";
import { useListTriage } from "./useListTriage";
import { useWhenWhole } from "./useWhenWhole";

const route = getRouteApi("/inbox");

const WALK: Hint = {
  text: (words) => {
    const keys = [words("issue.next"), words("issue.previous")].filter((key) => key !== null);
    return keys.length < 2 ? "" : `${keys.join(" and ")} walk through this list without coming back to it`;
  },
};

/** The list of issues: query, order, waiting changes, rows. */
export function InboxScreen() {
  const { q, sort, group, view: openView } = route.useSearch();
  const grouping = group ?? null;
  const question = { query: q, sort, grouping };
  const { inbox, announcer, hint, selection, triageRun } = useServices();
  const { preview, previewSide } = usePreferences();
  const navigate = useNavigate();
  const router = useRouter();
  const list = useIssueList(question);
  const { shown, stale, pending, apply } = list;
  const failure = list.error ?? null;
  const whole = useWhenWhole(
    shown,
    failure !== null ? "the other rows could not be read" : stale ? "another list is being read" : null,
  );
  const grid = useRef<IssueGridHandle>(null);
  const field = useRef<QueryFieldHandle>(null);
  const [invalidText, setInvalidText] = useState(false);
  const [sortOpen, setSortOpen] = useState(false);
  const [groupingOpen, setGroupingOpen] = useState(false);
  const [columnsOpen, setColumnsOpen] = useState(false);
  const [hiddenColumns, setHiddenColumns] = useState(0);
  const [exporting, setExporting] = useState(false);
  const [going, setGoing] = useState(false);
  // Beside React: the cursor moves many times a second, and only the preview looks at it.
  const [cursor] = useState(() => createValueStore<string | null>(null));

  /** How often the list was drawn, for whoever counts what is on screen. */
  const [drawings] = useState(() => createValueStore(0));

  const view = useCallback(() => grid.current?.view() ?? null, []);
  useLiveRows(useCallback(() => view()?.visibleIds() ?? [], [view]));

  const views = useViews({
    shown: { q, sort, group: grouping },
    view: openView,
    open: (search) => navigate({ to: "/inbox", search: listSearch(search) }),
  });
  const { density } = views;
  const activeView = views.active?.id;
  const follow = useFollow(
    () => (view()?.isAtTop ?? true) && selection.count === 0,
    pending !== null,
    list.loading,
    apply,
    views.active?.follow ? views.active.id : null,
  );
  const run = useCallback(
    (query: string, entered: boolean) => {
      const search = listSearch({ q: query, sort, group: grouping, view: activeView });
      // Text that is still being typed replaces the entry it began with: going back should skip half-written queries.
      void navigate({ to: "/inbox", search, replace: !entered });
    },
    [navigate, sort, grouping, activeView],
  );
  const show = (order: { sort: IssueOrder; group: IssueGrouping | null }) =>
    void navigate({ to: "/inbox", search: listSearch({ q, ...order, view: activeView }) });
  const changeSort = (next: IssueOrder) => show({ sort: next, group: grouping });
  const changeGrouping = (next: IssueGrouping | null) => show({ sort, group: next });

  // The place is looked up once for each list that is shown, not on every change inside it.
  const key = shown ? listKey(shown) : null;
  const [start, setStart] = useState<ListStart | null>(null);
  if (shown && key !== null && start?.key !== key) {
    setStart({ key, place: inbox.placeIn(shown) ?? LIST_START, collapsed: inbox.collapsedIn(shown) });
  }

  const moved = (place: ListPlace) => {
    cursor.set(place.issue);
    if (shown && place.index !== -1) inbox.remember(shown, place);
  };
  const openIssue = (id: string) => {
    hint.set(WALK);
    void navigate({ to: "/issue/$id", params: { id }, state: { fromInbox: true } });
  };
  const open = (index: number) => {
    const id = shown?.snapshot.ids[index];
    if (id !== undefined) openIssue(id);
  };
  const openWindow = useOpenWindow();
  const openAside = (index: number) => {
    const id = shown?.snapshot.ids[index];
    if (id !== undefined) openWindow(router.buildLocation({ to: "/issue/$id", params: { id } }).href);
  };
  const startTriage = (list: ShownList, from: number) => {
    triageRun.set(startRun(list, views.active?.name ?? list.query, from, Date.now()));
    return navigate({ to: "/triage" });
  };
  const begun = useValue(triageRun);
  const inBundle = useBundle().info !== null;
  const leave = useCallback(() => grid.current?.focus(), []);

  const picked = useValue(selection.picked);
  const { triage, current, selected, everything, drop, pick, pickGroup, pickAll } = useListTriage(
    question,
    shown,
    view,
    whole,
  );
  // What is no longer being read has no rows to wait for.
  const counted = !stale && failure === null && views.active?.query === q ? views.active.id : null;
  const about = counted === null ? null : (views.count(counted)?.total ?? null);
  const changedBeside: typeof drop = (changed) => {
    whole.forget();
    return drop(changed);
  };
  const place = {
    anchor: () => view()?.cursorElement ?? grid.current?.element() ?? null,
    returnFocus: () => grid.current?.element() ?? null,
  };

  const total = shown?.snapshot.total ?? 0;
  // Once for each question: its answer is read anew with each update, which has words of its own.
  const answered = useRef<string | null>(null);
  useEffect(() => {
    if (!shown || shown.isHead || stale || answered.current === listKey(shown)) return;
    answered.current = listKey(shown);
    announcer.say(`${plural(shown.snapshot.total, "issue")} found`, "found");
  }, [announcer, shown, stale]);
  const { on: following } = follow;
  useEffect(() => {
    if (following) return;
    if (pending && pending.added > 0)
      announcer.say(`${plural(pending.added, "new issue")} waiting`, "waiting");
  }, [announcer, pending, following]);
  // The list is what the keyboard is for; it has the focus unless something else was given it.
  const ready = shown !== null && total > 0;
  useEffect(() => {
    if (ready && (document.activeElement === document.body || !document.activeElement)) grid.current?.focus();
  }, [ready]);

  const closePreview = () => {
    preferences.change({ preview: false });
    leave();
  };
  const inboxActions = useInboxActions({
    view,
    whole,
    open,
    openAside,
    apply,
    hasPending: pending !== null,
    follow,
    focusSearch: () => field.current?.focus(),
    openSort: () => setSortOpen(true),
    sort,
    changeSort,
    turnOrder: () => changeSort(turned(sort)),
    openColumns: () => setColumnsOpen(true),
    focusHeads: ready ? () => grid.current?.focusHeads() : null,
    nextDensity: () => {
      const at = (DENSITIES.indexOf(density.shown) + 1) % DENSITIES.length;
      density.choose(DENSITIES[at] ?? "cosy");
    },
    startTriage:
      ready && !inBundle
        ? () => whole.run("begin the triage", (list) => void startTriage(list, view()?.nearestIndex ?? 0))
        : null,
    noTriage: inBundle ? "a bundle can only be looked at" : null,
    begun: begun && begun.endedAt === null ? begun : null,
    resumeTriage: () => void navigate({ to: "/triage" }),
    goToRow: ready ? () => whole.run("go to a row", () => setGoing(true)) : null,
    preview: {
      on: preview,
      toggle: () => preferences.change({ preview: !preview }),
      side: previewSide,
      // Whoever moves it wants to see it.
      move: () =>
        preferences.change({ preview: true, previewSide: previewSide === "right" ? "bottom" : "right" }),
    },
    // One level up at a time: first the selection goes, then the preview.
    closePreview: preview && picked.kind === "none" && whole.waiting === null ? closePreview : null,
  });
  const selecting = useSelectionActions({ view, shown, whole });
  // How the list looks, for whoever opens a bundle of it.
  const listView = { query: q, sort, grouping, columns: [...views.columns.shown] };
  // Of a list whose rest could not be read, what is selected can be exported all the same.
  const chosen = shown?.isHead && failure !== null ? selected : null;
  const openExport = () => {
    if (chosen) setExporting(true);
    else whole.run("export", () => setExporting(true));
  };
  const exported = everything ? { all: everything, selected } : chosen && { all: null, selected: chosen };
  const toExport = selected ?? everything;
  const exportActions = useExportActions({
    of: toExport && issuesOf(toExport),
    sort,
    view: listView,
    why: !shown?.isHead
      ? "there is nothing to export"
      : failure === null
        ? "the list is still being read"
        : "the list could not be read",
    open: openExport,
  });
  const copying = useCopyActions(current);
  const grouped = groupActions({
    view,
    grouping,
    group: changeGrouping,
    openGroupings: () => setGroupingOpen(true),
  });
  useActions([
    ...inboxActions,
    ...grouped,
    ...selecting,
    ...triage.actions,
    ...exportActions,
    ...copying,
    ...listDensityActions(density),
  ]);

  const invalid = failure instanceof HostError && failure.code === "invalid_query";
  const failed = failure !== null && !invalid;
  const dimmed = useSlow(stale && shown !== null, 150) || (stale && (invalid || failed)) || invalidText;
  const nothingStored = useNothingStored() || q.trim() === "";
  const empty = shown !== null && !stale && total === 0;

  return (
    <div className={styles.inbox}>
      <h1 className="visually-hidden">Inbox</h1>
      <ViewTabs views={views} />
      <QueryField
        ref={field}
        value={q}
        onRun={run}
        onLeave={leave}
        onInvalid={setInvalidText}
        tookMs={shown?.snapshot.took_ms ?? 0}
      >
        <ResultCount
          shown={shown}
          stale={stale}
          failed={failure !== null && !stale}
          waiting={whole.waiting}
        />
      </QueryField>
      <ProgressLine busy={list.loading} label="Searching" />
      <InboxToolbar
        grouping={grouping}
        onGroup={changeGrouping}
        groupingOpen={groupingOpen}
        onGroupingOpen={setGroupingOpen}
        sorting={<SortPopover order={sort} onOrder={changeSort} open={sortOpen} onOpenChange={setSortOpen} />}
        columns={
          <ColumnsPopover
            view={views.active}
            columns={views.columns}
            hidden={shown && !empty ? hiddenColumns : 0}
            open={columnsOpen}
            onOpenChange={setColumnsOpen}
          />
        }
        density={density}
        pending={pending}
        onApply={apply}
        following={follow.on}
        onFollow={follow.toggle}
        shown={shown}
      />
      {failed ? (
        <div className={styles.notice}>
          <ErrorNotice error={failure} onRetry={apply} />
        </div>
      ) : null}
      {shown === null && !failed && !invalid ? <RowPlaceholders /> : null}
      {empty && nothingStored ? <Welcome /> : null}
      {empty && !nothingStored ? <NoMatch query={q} onRun={run} /> : null}
      <SelectionBanner visible={() => view()?.visibleIds() ?? []} drawings={drawings} />
      <div className={styles.pair} data-side={previewSide}>
        <div className={styles.list}>
          {shown && !empty && start && start.key === key ? (
            <IssueGrid
              ref={grid}
              snapshot={shown.snapshot}
              isHead={shown.isHead === true}
              about={about}
              query={shown.query}
              grouping={shown.grouping}
              onCollapsed={(groups) => inbox.rememberCollapsed(shown, groups)}
              start={start}
              stale={dimmed}
              density={density.shown}
              columns={views.columns.shown}
              widthsOf={activeView}
              onColumns={views.columns.choose}
              onHidden={setHiddenColumns}
              sort={sort}
              onSort={changeSort}
              following={follow.on}
              onMoved={moved}
              onDrawn={() => drawings.set((count) => count + 1)}
              onOpen={open}
              onOpenAside={openAside}
              onPick={pick}
              onPickGroup={pickGroup}
              onPickAll={pickAll}
            />
          ) : null}
        </div>
        {preview && shown && !empty ? (
          <PreviewPanel cursor={cursor} onChanged={changedBeside} onOpen={openIssue} onClose={closePreview} />
        ) : null}
      </div>
      <BulkBar
        subject={selected}
        triage={triage}
        elsewhere={shown ? countElsewhere(picked, shown) : 0}
        onExport={openExport}
        onLeave={leave}
      />
      <AssignChooser triage={triage} {...place} />
      <PriorityChooser triage={triage} {...place} />
      <TriageLayer triage={triage} />
      {going && shown && !shown.isHead ? (
        <GoToRow
          shown={shown}
          onGo={(index) => {
            view()?.moveTo(index);
            leave();
          }}
          onOpen={openIssue}
          onClose={() => setGoing(false)}
        />
      ) : null}
      {exporting && exported ? (
        <IssueExportDialog
          {...exported}
          sort={sort}
          view={listView}
          list={activeView ?? null}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </div>
  );
}
