import { useCallback } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import type { IssueRow, IssueSort } from "@/ipc";
import { certainlyLeft } from "./isTerms";

/**
 * Takes an issue that the user has just put away out of the list on screen. The order of all others stays as it is,
 * and the view moves the cursor to the next row. Answers with a way to put it back, as long as the list is the same.
 */
export function useDropRow(query: string, sort: IssueSort) {
  const { host, queries } = useServices();
  return useCallback(
    (row: IssueRow): (() => void) | undefined => {
      if (!certainlyLeft(query, row)) return undefined;
      const key = asks.snapshot(host, query, sort).queryKey;
      const before = queries.getQueryData(key);
      if (!before?.ids.includes(row.id)) return undefined;
      const after = {
        ...before,
        ids: before.ids.filter((id) => id !== row.id),
        total: before.total - 1,
      };
      queries.setQueryData(key, after);
      return () => {
        if (queries.getQueryData(key) === after) queries.setQueryData(key, before);
      };
    },
    [host, queries, query, sort],
  );
}
