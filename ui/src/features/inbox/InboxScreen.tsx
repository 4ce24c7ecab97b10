import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { DENSITIES, preferences, usePreferences } from "@/app/preferences";
import { useServices } from "@/app/services";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { useSlow } from "@/components/useSlow";
import { BulkBar } from "@/features/bulk/BulkBar";
import { SelectionBanner } from "@/features/selection/SelectionBanner";
import { countElsewhere } from "@/features/selection/selection";
import { useSelectionActions } from "@/features/selection/useSelectionActions";
import { useSelectionUpkeep } from "@/features/selection/useSelectionUpkeep";
import { AssignChooser, PriorityChooser } from "@/features/triage/Choosers";
import { oneIssue, selectedIssues } from "@/features/triage/subject";
import { TriageLayer } from "@/features/triage/TriageLayer";
import { useTriage } from "@/features/triage/useTriage";
import { useViews } from "@/features/views/useViews";
import { ViewTabs } from "@/features/views/ViewTabs";
import { Welcome } from "@/features/welcome/Welcome";
import { HostError, type IssueSort } from "@/ipc";
import { useActions } from "@/keyboard/useActions";
import { plural } from "@/lib/format";
import { LIST_START, type ListPlace } from "@/lib/listPlace";
import { useValue } from "@/lib/valueStore";
import styles from "./InboxScreen.module.css";
import { InboxToolbar } from "./InboxToolbar";
import { IssueGrid, type IssueGridHandle } from "./IssueGrid";
import { useInboxActions } from "./inboxActions";
import { NoMatch } from "./NoMatch";
import { QueryField, type QueryFieldHandle } from "./QueryField";
import { ResultCount } from "./ResultCount";
import { RowPlaceholders } from "./RowPlaceholders";
import { useDropRows } from "./useDropRows";
import { useFollow } from "./useFollow";
import { useIssueList, useLiveRows, useNothingStored } from "./useIssueList";

const route = getRouteApi("/inbox");

/** The list of issues: query, order, waiting changes, rows. */
export function InboxScreen() {
  const { q, sort, view: openView } = route.useSearch();
  const { inbox, announcer, hint, rows, selection } = useServices();
  const { density } = usePreferences();
  const navigate = useNavigate();
  const list = useIssueList(q, sort);
  const { shown, stale, pending, apply } = list;
  const grid = useRef<IssueGridHandle>(null);
  const field = useRef<QueryFieldHandle>(null);
  const [invalidText, setInvalidText] = useState(false);
  const [sortOpen, setSortOpen] = useState(false);

  const view = useCallback(() => grid.current?.view() ?? null, []);
  const follow = useFollow(() => (view()?.cursorIndex ?? 0) <= 0, pending !== null, apply);
  useLiveRows(useCallback(() => view()?.visibleIds() ?? [], [view]));

  const views = useViews({
    shown: { q, sort },
    view: openView,
    open: (search) => void navigate({ to: "/inbox", search }),
  });
  const activeView = views.active?.id;
  const run = useCallback(
    (query: string, entered: boolean) => {
      const search = { q: query, sort, ...(activeView === undefined ? {} : { view: activeView }) };
      // Text that is still being typed replaces the entry it began with: going back should skip half-written queries.
      void navigate({ to: "/inbox", search, replace: !entered });
    },
    [navigate, sort, activeView],
  );
  const changeSort = (next: IssueSort) =>
    void navigate({
      to: "/inbox",
      search: { q, sort: next, ...(activeView === undefined ? {} : { view: activeView }) },
    });

  // The place is looked up once for each list that is shown, not on every change inside it.
  const listKey = shown ? `${shown.sort} ${shown.query}` : null;
  const [start, setStart] = useState<{ key: string; place: ListPlace } | null>(null);
  if (shown && listKey !== null && start?.key !== listKey) {
    setStart({ key: listKey, place: inbox.placeIn(shown.query, shown.sort) ?? LIST_START });
  }

  const moved = (place: ListPlace) => {
    if (shown && place.index !== -1) inbox.remember(shown.query, shown.sort, place);
  };
  const open = (index: number) => {
    const id = shown?.snapshot.ids[index];
    if (id === undefined) return;
    hint.set("] and [ walk through this list without coming back to it");
    void navigate({ to: "/issue/$id", params: { id }, state: { fromInbox: true } });
  };
  const leave = useCallback(() => grid.current?.focus(), []);

  const drop = useDropRows(q, sort);
  const picked = useValue(selection.picked);
  const selected = selectedIssues(picked, rows);
  const underCursor = () => {
    const id = shown?.snapshot.ids[view()?.cursorIndex ?? -1];
    const row = id === undefined ? undefined : rows.get(id);
    // A row that cannot be read yet, or no longer, is not acted on.
    return id === undefined || row === undefined || rows.isGone(id) ? null : oneIssue(id, row);
  };
  const triage = useTriage({
    scope: "list",
    subject: () => selected ?? underCursor(),
    known: selected ?? undefined,
    onChanged: drop,
  });
  const pick = (index: number, how: "toggle" | "range" | "add") => {
    const id = shown?.snapshot.ids[index];
    if (!shown || id === undefined) return;
    if (how === "range") selection.rangeTo(shown.snapshot.ids, index);
    else selection.toggle(id, how === "toggle");
  };
  const pickAll = () => {
    if (picked.kind !== "none") selection.clear();
    else if (shown) selection.all(shown, Date.now());
  };
  useSelectionUpkeep(shown?.query ?? null);
  const place = {
    anchor: () => view()?.cursorElement ?? null,
    returnFocus: () => grid.current?.element() ?? null,
  };

  const total = shown?.snapshot.total ?? 0;
  useEffect(() => {
    if (shown && !stale) announcer.say(`${plural(shown.snapshot.total, "issue")} found`);
  }, [announcer, shown, stale]);
  useEffect(() => {
    if (pending && pending.added > 0) announcer.say(`${plural(pending.added, "new issue")} waiting`);
  }, [announcer, pending]);
  // The list is what the keyboard is for; it has the focus unless something else was given it.
  const ready = shown !== null && total > 0;
  useEffect(() => {
    if (ready && (document.activeElement === document.body || !document.activeElement)) grid.current?.focus();
  }, [ready]);

  const inboxActions = useInboxActions({
    view,
    open,
    apply,
    hasPending: pending !== null,
    follow,
    focusSearch: () => field.current?.focus(),
    openSort: () => setSortOpen(true),
    nextDensity: () => {
      const at = (DENSITIES.indexOf(density) + 1) % DENSITIES.length;
      preferences.change({ density: DENSITIES[at] ?? "cosy" });
    },
  });
  const selecting = useSelectionActions({ view, shown });
  useActions([...inboxActions, ...selecting, ...triage.actions]);

  const invalid = list.error instanceof HostError && list.error.code === "invalid_query";
  const failed = list.error !== null && list.error !== undefined && !invalid;
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
        <ResultCount shown={shown} stale={stale} />
      </QueryField>
      <ProgressLine busy={list.loading} label="Searching" />
      <InboxToolbar
        sort={sort}
        onSort={changeSort}
        sortOpen={sortOpen}
        onSortOpen={setSortOpen}
        pending={pending}
        onApply={apply}
        following={follow.on}
        onFollow={follow.toggle}
        shown={shown}
      />
      {failed ? (
        <div className={styles.notice}>
          <ErrorNotice error={list.error} onRetry={apply} />
        </div>
      ) : null}
      {shown === null && !failed && !invalid ? <RowPlaceholders /> : null}
      {empty && nothingStored ? <Welcome /> : null}
      {empty && !nothingStored ? <NoMatch query={q} onRun={run} /> : null}
      <SelectionBanner visible={() => view()?.visibleIds() ?? []} />
      {shown && !empty && start?.key === listKey ? (
        <IssueGrid
          ref={grid}
          ids={shown.snapshot.ids}
          total={total}
          start={start?.place ?? null}
          stale={dimmed}
          following={follow.on}
          onMoved={moved}
          onOpen={open}
          onPick={pick}
          onPickAll={pickAll}
        />
      ) : null}
      <BulkBar
        subject={selected}
        triage={triage}
        elsewhere={shown ? countElsewhere(picked, shown) : 0}
        onExport={() => undefined}
        onLeave={leave}
      />
      <AssignChooser triage={triage} {...place} />
      <PriorityChooser triage={triage} {...place} />
      <TriageLayer triage={triage} />
    </div>
  );
}
