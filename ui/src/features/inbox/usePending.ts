import { useEffect, useMemo, useState } from "react";
import { useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { asksRelativeTime } from "@/features/search/days";
import type { Host } from "@/ipc";
import { oneAtATime } from "@/lib/oneAtATime";
import type { ShownList } from "./inboxMemory";
import { isChange, type ListChanges } from "./listChanges";

/** A list is counted for at most one part in so many of the time: a long one takes the store from others. */
const PART_OF_TIME = 10;
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
  useEffect(() => {
    counting?.count();
    return counting?.stop;
  }, [counting]);
  useStoreChange(count);
  useTimePassing(count, list !== null && asksRelativeTime(list.query));

  if (!counted || counted.list !== list) return null;
  return isChange(counted.changes) ? counted.changes : null;
}

const nothing = () => {};

/** Counts what has changed in one list, until it is stopped. It can begin anew after that. */
export function countingOf(
  host: Pick<Host, "issueChanges">,
  { query, snapshot }: ShownList,
  tell: (changes: ListChanges) => void,
) {
  const { list, total, revision } = snapshot;
  let wanted = new AbortController();
  let notBefore = Number.NEGATIVE_INFINITY;
  let later: ReturnType<typeof setTimeout> | undefined;

  const ask = async () => {
    const { signal } = wanted;
    const began = performance.now();
    try {
      const changes = await host.issueChanges(query, { revision, total, list }, signal);
      if (!signal.aborted) tell(changes);
    } catch {
      // The next change of the store asks again; the list itself is not affected.
    }
    const ended = performance.now();
    notBefore = ended + (PART_OF_TIME - 1) * (ended - began);
  };
  const run = oneAtATime(async () => {
    const wait = notBefore - performance.now();
    if (wait <= 0) await ask();
    else
      later ??= setTimeout(() => {
        later = undefined;
        run();
      }, wait);
  });
  return {
    count: run,
    stop: () => {
      clearTimeout(later);
      later = undefined;
      wanted.abort();
      wanted = new AbortController();
    },
  };
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
