import { useCallback } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import type { Changed } from "@/features/triage/useIssueChange";
import type { IssueSort } from "@/ipc";
import { certainlyLeft } from "./isTerms";

/**
 * Takes issues that the user has just put away out of the list on screen. The order of all others stays as it is, and
 * the view moves the cursor to the next row. Where there were too many to look at, the list is read again. Answers
 * with a way to put them back, which says whether the list was still the same.
 */
export function useDropRows(query: string, sort: IssueSort) {
  const { host, queries } = useServices();
  return useCallback(
    ({ rows, gone }: Changed): (() => boolean) | undefined => {
      const key = asks.snapshot(host, query, sort).queryKey;
      if (rows === null) {
        void queries.invalidateQueries({ queryKey: key, exact: true });
        return undefined;
      }
      const left = new Set(gone);
      for (const row of rows) if (certainlyLeft(query, row)) left.add(row.id);
      const before = queries.getQueryData(key);
      const ids = before?.ids.filter((id) => !left.has(id));
      if (!before || !ids || ids.length === before.ids.length) return undefined;
      const after = { ...before, ids, total: before.total - (before.ids.length - ids.length) };
      queries.setQueryData(key, after);
      return () => {
        if (queries.getQueryData(key) !== after) return false;
        queries.setQueryData(key, before);
        return true;
      };
    },
    [host, queries, query, sort],
  );
}
