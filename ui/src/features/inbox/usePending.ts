import { useEffect, useMemo, useState } from "react";
import { useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { asksRelativeTime } from "@/features/search/days";
import type { Host } from "@/ipc";
import { oneAtATime } from "@/lib/oneAtATime";
import type { ShownList } from "./inboxMemory";
import { atLeast, changesById, changesByTime, isChange, type ListChanges, mayHide } from "./listChanges";

/** Least time between two comparisons of a list issue by issue. */
const COMPARE_EVERY_MS = 5_000;
/** How often a list that goes by the present is counted, whatever happens in the store. */
const TIME_PASSES_MS = 60_000;

/** Counts what has changed since a list was read: after each change of the store, and where time alone changes it. */
export function usePending(list: ShownList | null): ListChanges | null {
  const { host } = useServices();
  const [counted, setCounted] = useState<{ list: ShownList; changes: ListChanges } | null>(null);
  // For each list one of its own: the answer about one list is nothing to wait for with another.
  const counting = useMemo(
    () => (list ? countingOf(host, list, (changes) => setCounted({ list, changes })) : null),
    [host, list],
  );
  const count = counting?.count ?? nothing;

  // Once at the start: the store may have changed while another screen was open.
  useEffect(count, [count]);
  useEffect(() => counting?.stop, [counting]);
  useStoreChange(count);
  useTimePassing(count, list !== null && asksRelativeTime(list.query));

  if (!counted || counted.list !== list) return null;
  return isChange(counted.changes) ? counted.changes : null;
}

const nothing = () => {};

/** Counts what has changed in one list. */
function countingOf(host: Host, list: ShownList, tell: (changes: ListChanges) => void) {
  const { query, sort, snapshot } = list;
  const { ids, total, revision } = snapshot;
  const goesByTime = asksRelativeTime(query);
  let found: ListChanges | null = null;
  let comparedAt = Number.NEGATIVE_INFINITY;
  let later: ReturnType<typeof setTimeout> | undefined;

  const changes = async (): Promise<ListChanges> => {
    const sums = await host.issueChanges(query, { revision, total });
    // Without a change of the store nothing is counted there, and yet time goes on.
    if (goesByTime && sums.revision === revision) return changesByTime(total, await host.issueCount(query));
    if (!mayHide(snapshot, sums)) {
      found = null;
      return sums;
    }
    const wait = comparedAt + COMPARE_EVERY_MS - performance.now();
    if (wait > 0) {
      later ??= setTimeout(() => {
        later = undefined;
        count();
      }, wait);
      return atLeast(sums, found);
    }
    comparedAt = performance.now();
    found = changesById(ids, (await host.issueSnapshot(query, sort)).ids, sums);
    return found;
  };
  // Where it fails, the next change of the store asks again; the list itself is not affected.
  const count = oneAtATime(() => changes().then(tell, nothing));
  return { count, stop: () => clearTimeout(later) };
}

/** Runs something in a calm rhythm while the window is seen, and as soon as it is seen again. */
function useTimePassing(run: () => void, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const seen = () => {
      if (!document.hidden) run();
    };
    const timer = setInterval(seen, TIME_PASSES_MS);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [run, wanted]);
}
