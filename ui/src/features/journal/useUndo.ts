import { useServices } from "@/app/services";
import type { JournalEntry, JournalWanted, UndoReport } from "@/ipc";
import { formatCount, plural } from "@/lib/format";
import type { ReportedUndo } from "./undoMemory";
import { nextRedo, nextUndo } from "./walk";

/** Entries that are looked through for what can be undone. */
const LOOKED_AT = 100;
/** What a person wants back is what they did, and not what came along with it, such as marking as seen. */
const ON_PURPOSE: JournalWanted = { action: null, words: "", by_hand: true };

/** What an undo could not do, in words; empty where it did everything. Conflicts are asked about instead. */
export function leftAsItWas(report: UndoReport): string {
  const parts: string[] = [];
  const { not_restored, hashes_taken } = report;
  if (not_restored.length > 0) parts.push(`${formatCount(not_restored.length)} could not be restored`);
  if (hashes_taken.length > 0) {
    parts.push(
      `${plural(hashes_taken.length, "fingerprint")} of them now ${hashes_taken.length === 1 ? "leads" : "lead"} to a newer issue`,
    );
  }
  return parts.length === 0 ? "" : `${parts.join("; ")}.`;
}

/** Takes changes back, and does them again. */
export function useUndo() {
  const { host, queries, rows, toasts, undo } = useServices();

  const refresh = (entry: string, report: UndoReport, again: boolean) => {
    undo.made(report.entry);
    rows.outdate();
    const back = undo.takeBack(entry);
    // What was done again stands as a change of its own.
    if (again) undo.steps.didAgain(report.entry);
    for (const key of ["issue", "activities", "journal", "jobs", "view-counts", "similar"]) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
    // Whoever takes something back wants to see it again.
    if (!back) void queries.invalidateQueries({ queryKey: ["issues"] });
  };

  /** Says how it went, and asks about what was changed again since. */
  const tell = (done: ReportedUndo) => {
    const { title, again, report } = done;
    if (report.conflict_count > 0) {
      undo.report.set(done);
      return;
    }
    const words = leftAsItWas(report);
    const said = again ? `Did it again: ${title}` : `Took back: ${title}`;
    const turn = {
      label: again ? "Undo" : "Redo",
      action: again ? ("undo" as const) : ("redo" as const),
      run: () => void undoEntry(report.entry, title, !again),
    };
    if (words === "") toasts.done(said, { action: turn });
    else {
      toasts.note(report.restored === 0 ? `Nothing was taken back: ${title}` : said, {
        detail: words,
        action: report.restored === 0 ? undefined : turn,
        second: { label: "Details", run: () => undo.report.set(done) },
      });
    }
  };

  /** Undoes one entry, whichever it is. `title` says what it did; null for what the journal calls it. */
  const undoEntry = async (entry: string, title: string | null, again = false): Promise<void> => {
    try {
      const report = await host.journalUndo(entry, false);
      refresh(entry, report, again);
      tell({ entry, title: title ?? report.title, again, report });
    } catch (error) {
      const what = title === null ? "This change" : `“${title}”`;
      toasts.failed(`${what} could not be taken back`, error, () => void undoEntry(entry, title, again));
    }
  };

  /** Takes an entry back from the issues that were changed again since, too. Throws where that fails. */
  const overwrite = async ({ entry, title, again }: ReportedUndo): Promise<void> => {
    const report = await host.journalUndo(entry, true);
    refresh(entry, report, again);
    undo.report.set(null);
    tell({ entry, title, again, report });
  };

  const walk = async (
    choose: (newestFirst: readonly JournalEntry[]) => JournalEntry | null,
    nothing: string,
    again: boolean,
  ): Promise<void> => {
    try {
      const all = await host.journal(ON_PURPOSE, null, LOOKED_AT);
      const entries = await undo.within(all);
      const entry = choose(entries);
      if (!entry) {
        const elsewhere = choose(all);
        if (elsewhere === null) toasts.note(nothing);
        else {
          toasts.note(`${nothing} in this window`, {
            detail: `“${elsewhere.title}” was done in another one. The Journal takes it back.`,
          });
        }
        return;
      }
      const origin = again ? entries.find(({ id }) => id === entry.undoes) : entry;
      await undoEntry(entry.id, (origin ?? entry).title, again);
    } catch (error) {
      toasts.failed("The journal could not be read", error, () => void walk(choose, nothing, again));
    }
  };

  return {
    undoEntry,
    overwrite,
    /** What was done last, in this window or else by the journal. */
    undoLast: async () => {
      if (!undo.steps.undo()) await walk(nextUndo, "Nothing to undo", false);
    },
    redoLast: async () => {
      if (!undo.steps.redo()) await walk(nextRedo, "Nothing to do again", true);
    },
  };
}
