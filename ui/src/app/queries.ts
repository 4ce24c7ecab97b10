import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useState } from "react";
import type { ListQuestion } from "@/features/inbox/inboxMemory";
import type {
  DeadLetterFilter,
  FeedStatus,
  Host,
  IssueOrder,
  JournalWanted,
  OccurrencePosition,
  OutcomeGrouping,
  Selection,
} from "@/ipc";
import { throttle } from "@/lib/throttle";
import { type Services, useServices } from "./services";

const MINUTE = 60_000;

/** The answers the interface keeps, by what was asked. */
export const asks = {
  /** Frozen on purpose: a list changes only when the user applies what waits. */
  snapshot: (host: Host, { query, sort, grouping }: ListQuestion) =>
    queryOptions({
      queryKey: ["issues", query, sort, grouping],
      queryFn: ({ signal }) => host.issueSnapshot(query, sort, grouping, signal),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 15 * MINUTE,
      // Comparing two lists of a hundred thousand ids would cost more than fetching them.
      structuralSharing: false,
    }),
  /** How that list begins. Kept only as long as it is waited for: a list on screen never goes back to it. */
  head: (host: Host, { query, sort }: ListQuestion) =>
    queryOptions({
      queryKey: ["head", query, sort],
      queryFn: ({ signal }) => host.issueHead(query, sort, signal),
      staleTime: 0,
      gcTime: 0,
      // What it fails with, the list fails with as well.
      retry: false,
      structuralSharing: false,
    }),
  issue: (host: Host, id: string) =>
    queryOptions({ queryKey: ["issue", id], queryFn: () => host.issueDetail(id), staleTime: MINUTE }),
  /** The issue most like this one. */
  similar: (host: Host, id: string) =>
    queryOptions({
      queryKey: ["similar", id],
      queryFn: () => host.issueSimilar(id, 1),
      staleTime: MINUTE,
      gcTime: 2 * MINUTE,
    }),
  activities: (host: Host, id: string, limit: number) =>
    queryOptions({
      queryKey: ["activities", id, limit],
      queryFn: () => host.issueActivities(id, limit),
      staleTime: MINUTE,
    }),
  people: (host: Host) =>
    queryOptions({ queryKey: ["people"], queryFn: () => host.people(), staleTime: MINUTE }),
  releases: (host: Host, project: string) =>
    queryOptions({
      queryKey: ["releases", project],
      queryFn: () => host.projectReleases(project),
      staleTime: MINUTE,
    }),
  occurrence: (host: Host, issue: string, position: OccurrencePosition) =>
    queryOptions({
      queryKey: ["occurrence", issue, position],
      queryFn: () => host.occurrenceDetail(issue, position),
      // An occurrence never changes; only how many there are around it does.
      staleTime: MINUTE,
      gcTime: 2 * MINUTE,
    }),
  /** A selection in exact numbers. They count, so they are never taken from an older answer. */
  selection: (host: Host, selection: Selection) =>
    queryOptions({
      queryKey: ["selection", selection],
      queryFn: () => host.selectionSummary(selection),
      staleTime: 0,
      gcTime: 0,
      structuralSharing: false,
    }),
  /** Every label, with how many issues of a selection have it. They count, too. */
  labels: (host: Host, selection: Selection) =>
    queryOptions({
      queryKey: ["labels", selection],
      queryFn: () => host.labels(selection),
      staleTime: 0,
      gcTime: 0,
    }),
  /** How the issues of a selection stand, which goes by a short `name`. They count, too. */
  standings: (host: Host, selection: Selection, name: number) =>
    queryOptions({
      queryKey: ["standings", name],
      queryFn: () => host.standings(selection),
      staleTime: 0,
      gcTime: 0,
      structuralSharing: false,
    }),
  /** Entries of the journal, newest first, page by page of `size`. */
  journal: (host: Host, wanted: JournalWanted, size: number) =>
    infiniteQueryOptions({
      queryKey: ["journal", "entries", wanted, size],
      queryFn: ({ pageParam }) => host.journal(wanted, pageParam, size),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => (page.length < size ? null : page.at(-1)?.id),
    }),
  /** Issues of a journal entry behind the issue `after`. */
  journalIssues: (host: Host, id: string, after: string | null, limit: number) =>
    queryOptions({
      queryKey: ["journal", "issues", id, after, limit],
      queryFn: () => host.journalIssues(id, after, limit),
    }),
  jobs: (host: Host) => queryOptions({ queryKey: ["jobs"], queryFn: () => host.jobs() }),
  views: (host: Host) =>
    queryOptions({ queryKey: ["views"], queryFn: () => host.views(), staleTime: MINUTE }),
  viewCounts: (host: Host, ids: string[]) =>
    queryOptions({ queryKey: ["view-counts", ids], queryFn: () => host.viewCounts(ids) }),
  explain: (host: Host, query: string, sort: IssueOrder) =>
    queryOptions({
      queryKey: ["explain", query, sort],
      queryFn: ({ signal }) => host.queryExplain(query, sort, signal),
      gcTime: 0,
    }),
  connections: (host: Host) =>
    queryOptions({ queryKey: ["connections"], queryFn: () => host.connectionList(), staleTime: MINUTE }),
  feed: (host: Host) =>
    queryOptions({
      queryKey: ["feed"],
      queryFn: () => host.feedStatus(),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  deadLetters: (host: Host, filter: DeadLetterFilter) =>
    queryOptions({ queryKey: ["dead-letters", filter], queryFn: () => host.deadLetters(filter) }),
  deadLetter: (host: Host, id: string) =>
    queryOptions({
      queryKey: ["dead-letter", id],
      queryFn: () => host.deadLetter(id),
      staleTime: MINUTE,
    }),
  outcomes: (host: Host, by: OutcomeGrouping) =>
    queryOptions({ queryKey: ["outcomes", by], queryFn: () => host.outcomes(by) }),
  appInfo: (host: Host) => queryOptions({ queryKey: ["app-info"], queryFn: () => host.appInfo() }),
};

/** Feed status, pushed by the engine. */
export function useFeed(): FeedStatus | undefined {
  const { host } = useServices();
  return useQuery(asks.feed(host)).data;
}

/** Puts what the engine reports into the cache. Once per window. */
export function followEngine({ host, queries }: Services): () => void {
  const ends = [
    host.onEngineStatus((status) => queries.setQueryData(asks.feed(host).queryKey, status)),
    host.onStoreOpened(() => void queries.invalidateQueries({ queryKey: asks.appInfo(host).queryKey })),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Answers that come from the store, by the first part of their keys. */
const FROM_STORE = [
  "issues",
  "head",
  "issue",
  "similar",
  "activities",
  "people",
  "releases",
  "occurrence",
  "dead-letters",
  "dead-letter",
  "outcomes",
  "without-each-term",
  "selection",
  "labels",
  "standings",
  "journal",
  "jobs",
  "views",
  "view-counts",
  "explain",
];

/** What an action makes old beside the issues it is about, by the first part of the keys. */
export const OLD_AFTER_ACTIONS = ["journal", "jobs", "view-counts", "similar", "standings"] as const;

const WHOLE_JOURNAL: JournalWanted = { action: null, words: "", by_hand: false };

/**
 * The demo has a store of its own, so starting a feed can open another store. Then nothing that was read before is
 * about the same issues any more.
 */
export function useStoreIdentity(): void {
  const { host, queries, rows, inbox, selection, toasts, triageRun, undo } = useServices();
  const info = useQuery(asks.appInfo(host)).data;
  // A bundle can be another one under the same name.
  const store = info?.bundle ? `${info.store} ${info.bundle.opening}` : info?.store;
  const isBundle = info?.bundle != null;
  const [known, setKnown] = useState(store);
  // Before anything is painted: its screen would say for a moment that there is no run.
  useLayoutEffect(() => {
    // A bundle is not gone through, so the run that was begun among the user's own issues stays.
    if (store !== undefined && !isBundle) triageRun.open(store);
  }, [store, isBundle, triageRun]);
  useEffect(() => {
    if (store === undefined) return;
    undo.open(async () => (await host.journal(WHOLE_JOURNAL, null, 1))[0]?.id ?? null);
  }, [store, host, undo]);
  useEffect(() => {
    if (store === known) return;
    setKnown(store);
    if (known === undefined) return;
    rows.clear();
    inbox.clear();
    selection.only([]);
    toasts.storeChanged();
    for (const name of FROM_STORE) void queries.resetQueries({ queryKey: [name] });
  }, [store, known, queries, rows, inbox, selection, toasts]);
}

/**
 * Runs `react` whenever the store has changed, while the component is mounted: at most twice a second, or as seldom as
 * `everyMs` says. The last change is never left out.
 */
export function useStoreChange(react: () => void, everyMs = 0): void {
  const { revision } = useServices();
  useEffect(() => {
    const soon = throttle(react, everyMs);
    const stop = revision.subscribe(soon);
    return () => {
      stop();
      soon.cancel();
    };
  }, [revision, react, everyMs]);
}
