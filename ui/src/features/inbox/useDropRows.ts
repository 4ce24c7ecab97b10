import { useCallback } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import type { Changed } from "@/features/triage/useIssueChange";
import { withoutIssues } from "./groupings";
import type { ListQuestion } from "./inboxMemory";
import { whyLeft } from "./isTerms";

/**
 * Takes issues that the user has just put away out of the list on screen. The order of all others stays as it is, and
 * the view moves the cursor to the next row. Where there were too many to look at, or a group would not know what is
 * left of it, the list is read again. Answers with a way to put them back, which says whether the list was still the
 * same.
 */
export function useDropRows({ query, sort, grouping }: ListQuestion) {
  const { host, queries, inbox, rows: known } = useServices();
  return useCallback(
    ({ rows, gone }: Changed): (() => boolean) | undefined => {
      const key = asks.snapshot(host, { query, sort, grouping }).queryKey;
      const reread = () => void queries.invalidateQueries({ queryKey: key, exact: true });
      if (rows === null) {
        reread();
        return undefined;
      }
      const left = new Set(gone);
      const why = whyLeft(query);
      for (const row of rows) if (why(row) !== null) left.add(row.id);
      const before = queries.getQueryData(key);
      const list = inbox.list.get();
      if (list?.isHead && before === undefined && left.size > 0) {
        // What is still being read may have been found before the change: it is asked anew.
        void queries.resetQueries({ queryKey: key, exact: true });
        const ids = list.snapshot.ids.filter((id) => !left.has(id));
        inbox.list.set({ ...list, snapshot: { ...list.snapshot, ids, total: ids.length } });
        return undefined;
      }
      if (!before?.ids.some((id) => left.has(id))) return undefined;
      const after = withoutIssues(before, left, (id) => known.get(id)?.times_seen);
      if (!after) {
        reread();
        return undefined;
      }
      queries.setQueryData(key, after);
      return () => {
        if (queries.getQueryData(key) !== after) return false;
        queries.setQueryData(key, before);
        return true;
      };
    },
    [host, queries, inbox, known, query, sort, grouping],
  );
}
