import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import type { DeadLetterFilter, DeadLetterList, DeadLetterRow } from "@/ipc";
import { carryPlace } from "@/lib/listPlace";

/** Letters that are listed at most. */
export const LISTED = 1_000;

const NO_ROWS: readonly DeadLetterRow[] = [];

interface Place {
  /** The rows these indices count in. */
  rows: readonly DeadLetterRow[];
  cursor: number;
  /** Where a range of marks begins. */
  anchor: number;
  marked: ReadonlySet<string>;
}

/** The letters on screen, the cursor among them and which of them are marked. */
export interface LetterList {
  answer: DeadLetterList | undefined;
  rows: readonly DeadLetterRow[];
  error: unknown;
  loading: boolean;
  /** How many more letters there are now, or fewer; the list waits until they are asked for. */
  waiting: number;
  reread: () => void;
  /** Index of the row under the cursor; -1 in an empty list. */
  cursor: number;
  moveTo: (index: number) => void;
  marked: ReadonlySet<string>;
  toggle: (index: number) => void;
  /** Marks everything from the row that was marked last to this one. */
  markTo: (index: number) => void;
  markAll: () => void;
  clear: () => void;
}

/** The same place in other rows: the cursor stays on its letter or goes to the next; marks of letters that left go. */
function carry(place: Place, rows: readonly DeadLetterRow[]): Place {
  const before = place.rows.map((row) => row.id);
  const after = rows.map((row) => row.id);
  const issue = before[place.cursor] ?? null;
  const { index } = carryPlace({ index: place.cursor, issue, topRow: 0 }, before, after);
  const there = new Set(after);
  return {
    rows,
    cursor: Math.max(0, index),
    anchor: Math.max(0, index),
    marked: new Set([...place.marked].filter((id) => there.has(id))),
  };
}

/**
 * Reads the letters of a filter. The list stands still while letters arrive: what has come is counted and shown on
 * request.
 */
export function useLetterList({ state, reason }: Omit<DeadLetterFilter, "limit">): LetterList {
  const { host, queries } = useServices();
  const ask = asks.deadLetters(host, { state, reason, limit: LISTED });
  const answer = useQuery({
    ...ask,
    // Frozen while it is on screen; each visit begins with what there is.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    placeholderData: (old) => old,
  });
  const counted = useQuery(asks.deadLetters(host, { state, reason, limit: 1 })).data?.total;
  const recount = useCallback(() => {
    const { queryKey } = asks.deadLetters(host, { state, reason, limit: 1 });
    if (!document.hidden) void queries.invalidateQueries({ queryKey });
  }, [queries, host, state, reason]);
  useStoreChange(recount);

  const rows = answer.data?.rows ?? NO_ROWS;
  const [stored, setPlace] = useState<Place>({ rows, cursor: 0, anchor: 0, marked: new Set() });
  const place = stored.rows === rows ? stored : carry(stored, rows);
  if (place !== stored) setPlace(place);

  const clamp = (index: number) => Math.min(Math.max(0, index), Math.max(0, rows.length - 1));
  const settled = answer.data && counted !== undefined && !answer.isPlaceholderData && !answer.isFetching;
  const waiting = settled ? counted - (answer.data?.total ?? 0) : 0;

  return {
    answer: answer.data,
    rows,
    error: answer.error,
    loading: answer.isFetching,
    waiting,
    reread: () => void queries.invalidateQueries({ queryKey: ask.queryKey }),
    cursor: rows.length === 0 ? -1 : clamp(place.cursor),
    moveTo: (index) => setPlace({ ...place, cursor: clamp(index) }),
    marked: place.marked,
    toggle: (index) => {
      const id = rows[index]?.id;
      if (id === undefined) return;
      const marked = new Set(place.marked);
      if (!marked.delete(id)) marked.add(id);
      setPlace({ ...place, cursor: index, anchor: index, marked });
    },
    markTo: (index) => {
      const anchor = place.marked.size === 0 ? clamp(place.cursor) : place.anchor;
      const to = clamp(index);
      const marked = new Set(place.marked);
      for (let at = Math.min(anchor, to); at <= Math.max(anchor, to); at += 1) {
        const id = rows[at]?.id;
        if (id !== undefined) marked.add(id);
      }
      setPlace({ ...place, cursor: to, anchor, marked });
    },
    markAll: () => setPlace({ ...place, marked: new Set(rows.map((row) => row.id)) }),
    clear: () => setPlace({ ...place, marked: new Set() }),
  };
}
