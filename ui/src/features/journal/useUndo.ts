import { asks, OLD_AFTER_ACTIONS } from "@/app/queries";
import { useServices } from "@/app/services";
import type { Job, JournalEntry, OnProgress, TakesBack, UndoReport } from "@/ipc";
import { formatCount, plural } from "@/lib/format";
import { entryOfJob, ON_PURPOSE } from "./entries";
import type { ReportedUndo } from "./undoMemory";
import { nextRedo, nextUndo } from "./walk";

/** Entries that are looked through for what can be undone. */
const LOOKED_AT = 100;

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

/** An entry that is to be taken back. */
interface Asked {
  entry: string;
  /** What it did; null for what the journal calls it. */
  title: string | null;
  /** It is an undo itself. */
  again: boolean;
  /** The job that goes on with it, where one is asked for, and how many issues it is about. */
  job?: Pick<Job, "id" | "total">;
}

/** Takes changes back, and does them again. */
export function useUndo() {
  const { host, queries, rows, toasts, undo, work } = useServices();

  const outdate = () => {
    rows.outdate();
    for (const key of ["issue", "activities", ...OLD_AFTER_ACTIONS]) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
  };

  const refresh = ({ entry, title, again, report }: ReportedUndo) => {
    const back = undo.turned(entry, { ...report, title }, again);
    outdate();
    // Whoever takes something back wants to see it again.
    if (!back) void queries.invalidateQueries({ queryKey: ["issues"] });
  };

  /** The way back from taking back. */
  const turnOf = ({ title, again, report }: ReportedUndo) => ({
    label: again ? "Undo" : "Redo",
    action: again ? ("undo" as const) : ("redo" as const),
    entry: report.entry,
    run: () => void undoEntry(report.entry, title, !again),
  });

  /** What was changed again since is asked about at the end: who goes on hears of all of it. */
  const tellStopped = (done: ReportedUndo) => {
    const { entry, title, again, report } = done;
    const turn = turnOf(done);
    const restored = formatCount(report.restored);
    toasts.note(
      `Stopped: ${restored} ${again ? "done again" : "taken back"}, ${formatCount(report.remaining)} not`,
      {
        detail: title,
        action: report.entry === "" ? undefined : { ...turn, label: `${turn.label} the ${restored}` },
        second: { label: "Continue", entry, run: () => void undoEntry(entry, title, again) },
      },
    );
  };

  /** Says how it went, and asks about what was changed again since. */
  const tell = (done: ReportedUndo) => {
    const { title, again, report } = done;
    if (report.remaining > 0) {
      tellStopped(done);
      return;
    }
    if (report.conflict_count > 0) {
      undo.report.set(done);
      return;
    }
    const words = leftAsItWas(report);
    const said = again ? `Did it again: ${title}` : `Took back: ${title}`;
    const turn = turnOf(done);
    if (report.entry === "" && words === "") toasts.note(`Nothing of it is left to take back: ${title}`);
    else if (words === "") {
      const { issues } = done;
      toasts.done(said, { detail: issues > 1 ? plural(issues, "issue") : undefined, action: turn });
    } else {
      toasts.note(report.restored === 0 ? `Nothing was taken back: ${title}` : said, {
        detail: words,
        action: report.restored === 0 ? undefined : turn,
        second: { label: "Details", run: () => undo.report.set(done) },
      });
    }
  };

  /**
   * Takes an entry back, where everybody can see how far that is; null where that goes on already. One that fails on its
   * way has taken back a part.
   */
  const watched = async (
    { entry, title, again, job }: Asked,
    call: (onProgress: OnProgress) => Promise<UndoReport>,
  ): Promise<ReportedUndo | null> => {
    const { era } = undo;
    // Another store has other entries of the same numbers.
    const key = `${era}/${entry}`;
    if (undo.underWay.has(key)) {
      toasts.note("This is being taken back already");
      return null;
    }
    undo.underWay.add(key);
    // What still offers to do just that is out of date from now on.
    toasts.entryTurned(entry);
    const what = title ?? "a change";
    // How many it is about, and whether it can be stopped, is known with the first report unless a job says so.
    const words = `${again ? "Do again" : "Take back"}: ${what}`;
    const handle = job ? work.begin(words, job.total, job.id) : work.beginUnsized(words, null);
    try {
      const report = await call(handle.progress);
      if (undo.era !== era) return null;
      // A job knows the whole, the report what was done since it went on.
      const issues = handle.state()?.total || report.restored;
      const done = { entry, title: title ?? report.title, again, issues, report };
      refresh(done);
      return done;
    } catch (error) {
      const number = handle.state()?.job ?? null;
      const by = number === null ? null : await entryOfJob(host, number).catch(() => null);
      if (by !== null && undo.era === era) {
        undo.steps.turned(entry, by, what, again, true);
        outdate();
        void queries.invalidateQueries({ queryKey: ["issues"] });
      }
      throw error;
    } finally {
      undo.underWay.delete(key);
      handle.end();
      void queries.invalidateQueries({ queryKey: asks.jobs(host).queryKey });
    }
  };

  const turn = async (asked: Asked, call: (onProgress: OnProgress) => Promise<UndoReport>): Promise<void> => {
    const { era } = undo;
    try {
      const done = await watched(asked, call);
      if (done) tell(done);
    } catch (error) {
      const what = asked.title === null ? "This change" : `“${asked.title}”`;
      const retry = () => void turn(asked, call);
      toasts.failed(`${what} could not be taken back`, error, undo.era === era ? retry : undefined);
    }
  };

  /** Undoes one entry, whichever it is. `title` says what it did; null for what the journal calls it. */
  const undoEntry = (entry: string, title: string | null, isUndo = false): Promise<void> =>
    turn({ entry, title, again: undo.steps.isUndo(entry, isUndo) }, (onProgress) =>
      host.journalUndo(entry, false, onProgress),
    );

  /** Goes on with a job that takes an entry back. */
  const resume = (job: Pick<Job, "id" | "total">, { entry, title, again }: TakesBack): Promise<void> =>
    turn({ entry, title, again, job }, async (onProgress) => {
      const { undo: report } = await host.jobResume(job.id, onProgress);
      if (report === null) throw new Error("This job takes nothing back.");
      return report;
    });

  /** Takes an entry back from the issues that were changed again since, too. Throws where that fails. */
  const overwrite = async ({ entry, title, again }: ReportedUndo): Promise<void> => {
    const done = await watched({ entry, title, again }, (onProgress) =>
      host.journalUndo(entry, true, onProgress),
    );
    if (!done) return;
    undo.report.set(null);
    tell(done);
  };

  /** An entry by its id; null where it is no longer in the journal. */
  const read = async (id: string): Promise<JournalEntry | null> => {
    const [entry] = await host.journal(ON_PURPOSE, String(BigInt(id) + 1n), 1);
    return entry?.id === id ? entry : null;
  };

  /** Takes the last step of this window that still stands. False where there is none. */
  const takeOwn = async (again: boolean): Promise<boolean> => {
    const { steps } = undo;
    for (;;) {
      const last = again ? steps.lastUndone : steps.lastDone;
      if (!last) return false;
      if (last.kind === "own") {
        if (again) steps.redo(last.step);
        else steps.undo(last.step);
        return true;
      }
      const entry = await read(last.entry);
      if (entry?.state === "done" || (last.rest && entry?.state === "partly_undone")) {
        await undoEntry(entry.id, last.title ?? entry.title, again);
        return true;
      }
      // Taken back by another window, or erased: what was done before it is next.
      steps.forget(last.entry);
    }
  };

  /** Takes what was done before this window was opened. False where there is nothing. */
  const takeOlder = async (again: boolean): Promise<boolean> => {
    if (again && undo.steps.hasChanged) return false;
    const entries = await host.journal(ON_PURPOSE, await undo.beforeWindow(), LOOKED_AT);
    const entry = again ? nextRedo(entries) : nextUndo(entries);
    if (!entry) return false;
    const origin = again ? entries.find(({ id }) => id === entry.undoes) : entry;
    await undoEntry(entry.id, (origin ?? entry).title, again);
    return true;
  };

  const sayNothing = async (again: boolean): Promise<void> => {
    const nothing = again ? "Nothing to do again" : "Nothing to undo";
    const others = await undo.foreign(await host.journal(ON_PURPOSE, null, LOOKED_AT));
    const elsewhere = again ? nextRedo(others) : nextUndo(others);
    if (elsewhere === null) toasts.note(nothing);
    else {
      toasts.note(`${nothing} in this window`, {
        detail: `“${elsewhere.title}” was done in another one. The Journal takes it back.`,
      });
    }
  };

  const go = (again: boolean): Promise<void> =>
    undo.inTurn(async () => {
      try {
        if (!(await takeOwn(again)) && !(await takeOlder(again))) await sayNothing(again);
      } catch (error) {
        toasts.failed("The journal could not be read", error, () => void go(again));
      }
    });

  return {
    undoEntry,
    resume,
    overwrite,
    /** Takes back what was done last in this window, or else before it was opened. */
    undoLast: () => go(false),
    /** Does that again. */
    redoLast: () => go(true),
  };
}
