import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { usePreferences } from "@/app/preferences";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { useValue } from "@/lib/valueStore";
import { headOf, type ListQuestion, listKey, type ShownList } from "./inboxMemory";
import type { ListChanges } from "./listChanges";
import { usePending } from "./usePending";

/** The list of one query, frozen until the user applies what waits. */
export interface IssueList {
  /** What is on screen; may still answer the previous query. */
  shown: ShownList | null;
  /** The shown list answers an older query than the one asked for. */
  stale: boolean;
  loading: boolean;
  error: unknown;
  /** What has changed in the store since the shown list was read; null when nothing has. */
  pending: ListChanges | null;
  /** Reads the list again. The view carries the cursor over. */
  apply: () => void;
}

/** Reads the list, keeps the last good one while another loads or fails, and counts what has changed since. */
export function useIssueList(question: ListQuestion): IssueList {
  const { host, inbox } = useServices();
  const queries = useQueryClient();
  const { query, sort, grouping } = question;
  const answer = useQuery(asks.snapshot(host, question));
  const shown = useValue(inbox.list);
  const current = shown && listKey(shown) === listKey(question) ? shown : null;
  // Groups are known only when all of them are. A list that is read anew stays as it is until then.
  const wantsHead = grouping === null && current === null && answer.data === undefined;
  const head = useQuery({ ...asks.head(host, question), enabled: wantsHead }).data;

  useEffect(() => {
    const question = { query, sort, grouping };
    if (answer.data) {
      inbox.list.set({ ...question, snapshot: answer.data });
      // Where it was slower, nobody waits for it any more.
      void queries.cancelQueries({ queryKey: asks.head(host, question).queryKey, exact: true });
    } else if (wantsHead && head && inbox.beginsAmong(question, head.ids))
      inbox.list.set(headOf(question, head));
  }, [host, queries, inbox, answer.data, wantsHead, head, query, sort, grouping]);

  // What has changed since is counted once there is a number it can be compared with.
  const pending = usePending(current?.isHead ? null : current);

  const apply = useCallback(() => {
    const { queryKey } = asks.snapshot(host, { query, sort, grouping });
    void queries.invalidateQueries({ queryKey, exact: true });
  }, [queries, host, query, sort, grouping]);

  // A list that was empty has no row that could be pushed away, so it fills by itself.
  const fills = current?.snapshot.total === 0 && (pending?.added ?? 0) > 0;
  useEffect(() => {
    if (fills) apply();
  }, [fills, apply]);

  return {
    shown,
    stale: current === null,
    loading: answer.isFetching,
    error: answer.error,
    pending,
    apply,
  };
}

/**
 * The list the inbox last showed, for screens beside it. Where the inbox was left while it was still being read, it is
 * read on.
 */
export function useLastList(): ShownList | null {
  const { host, inbox } = useServices();
  const list = useValue(inbox.list);
  const question = list ?? { query: "", sort: "last_seen", grouping: null };
  const whole = useQuery({ ...asks.snapshot(host, question), enabled: list?.isHead === true }).data;
  useEffect(() => {
    if (!list?.isHead || !whole) return;
    const { query, sort, grouping } = list;
    inbox.list.set({ query, sort, grouping, snapshot: whole });
  }, [inbox, list, whole]);
  return list;
}

/** Whether the store has no issue at all, whatever the query. Asked again while that is so. */
export function useNothingStored(): boolean {
  const { host } = useServices();
  const queries = useQueryClient();
  const nothing = useQuery(asks.appInfo(host)).data?.issues === 0;
  const ask = useCallback(() => {
    if (nothing) void queries.invalidateQueries({ queryKey: asks.appInfo(host).queryKey });
  }, [queries, host, nothing]);
  useStoreChange(ask);
  return nothing;
}

/** Keeps the counters of visible rows current, without moving a row. */
export function useLiveRows(visibleIds: () => string[]): void {
  const { rows } = useServices();
  const { liveRows } = usePreferences();
  const refresh = useCallback(() => {
    if (!liveRows) return;
    // Those beyond the screen follow when they come into view.
    rows.outdate();
    if (!document.hidden) void rows.refresh(visibleIds());
  }, [rows, liveRows, visibleIds]);
  useStoreChange(refresh);
}
