import { OLD_AFTER_ACTIONS } from "@/app/queries";
import { useServices } from "@/app/services";
import { plural } from "@/lib/format";

/** Takes several entries of the journal back at once, newest first, and says how it went in one message. */
export function useUndoRun() {
  const { host, queries, rows, toasts, undo } = useServices();
  return async (newestFirst: readonly string[], what: string): Promise<void> => {
    let left = 0;
    try {
      for (const entry of newestFirst) {
        const report = await host.journalUndo(entry, false, () => undefined);
        left += report.conflict_count + report.not_restored.length;
        undo.turned(entry, report, false);
      }
    } finally {
      // Also where one of them failed: those before it are taken back.
      rows.outdate();
      for (const key of ["issue", "issues", "activities", ...OLD_AFTER_ACTIONS]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
    }
    if (left === 0) toasts.done(`Took back ${what}`);
    else {
      toasts.note(`Took back ${what}`, {
        detail: `${plural(left, "issue")} changed since or gone; the Journal lists them.`,
      });
    }
  };
}
