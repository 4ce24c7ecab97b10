import { useRef } from "react";
import { assigneeOf, usePeople } from "@/app/people";
import { OLD_AFTER_ACTIONS } from "@/app/queries";
import { useServices } from "@/app/services";
import type { ToastAction } from "@/app/toasts";
import type { Work } from "@/features/bulk/work";
import { entryOfFailed, issuesOf } from "@/features/journal/entries";
import { useUndo } from "@/features/journal/useUndo";
import type { BulkReport, IssueChange, IssueRow, OnProgress } from "@/ipc";
import { formatCount, plural } from "@/lib/format";
import { fewIds, membership, onlyId, type Subject } from "./subject";
import { changeDone, changeFailed, changeVerb, skippedReason, skippedSummary } from "./words";

/** What a change has done to the issues it was meant for. */
export interface Changed {
  subject: Subject;
  change: IssueChange;
  /** Entry of the journal; null where there is none to take back. */
  journal: string | null;
  /** Rows as they are now; nothing where there are too many to read. */
  rows: readonly IssueRow[] | null;
  /** Issues among them that are no more. */
  gone: readonly string[];
}

/** Told that issues have changed; may answer with a way to take back what was done to a list because of it. */
export type ChangeListener = (changed: Changed) => (() => boolean) | undefined;

const REMOVES = new Set<IssueChange["kind"]>(["merge", "discard", "delete"]);

/**
 * Carries out changes of issues, brings what is on screen up to date, and says what was done. Nothing is shown before
 * the store has it: the answer takes a few milliseconds, and a row that jumps back is worse than one that waits.
 */
export function useIssueChange(onChanged?: ChangeListener) {
  const { host, queries, rows, toasts, revision, selection, work, undo } = useServices();
  const people = usePeople();
  const { undoEntry } = useUndo();
  /** What is under way: a key that is pressed twice means one change. */
  const underWay = useRef(new Set<string>());

  /** What was done to issues is done to the selection. */
  const settleSelection = async (
    subject: Subject,
    change: IssueChange,
    report: Pick<BulkReport, "journal" | "cancelled">,
    gone: readonly string[] | null,
  ) => {
    selection.forgetCleared();
    const removes = REMOVES.has(change.kind);
    if (removes && gone) selection.drop(gone);
    else if (removes && !report.cancelled) selection.removed(subject.list, membership(subject));
    else {
      // Of a removal that was stopped, the journal knows how far it came.
      const some =
        removes && report.journal !== null ? await issuesOf(host, report.journal).catch(() => []) : [];
      if (!selection.settle(subject.list)) {
        toasts.note("They are no longer selected, because the list does not hold all of them");
      }
      selection.drop(some);
    }
  };

  /** What was read of issues before they were changed is old. */
  const forgetAnswers = (subject: Subject) => {
    const id = onlyId(subject);
    for (const key of ["issue", "activities"]) {
      void queries.invalidateQueries({ queryKey: id === null ? [key] : [key, id] });
    }
    for (const key of OLD_AFTER_ACTIONS) void queries.invalidateQueries({ queryKey: [key] });
  };

  const settle = async (subject: Subject, change: IssueChange, report: BulkReport) => {
    const ids = fewIds(subject);
    // The change is done, whether or not the rows can be read again right now.
    if (!ids) rows.outdate();
    const after = ids ? await rows.reread(ids).catch(() => null) : null;
    const gone = ids && after ? ids.filter((id) => !after.some((row) => row.id === id)) : [];
    forgetAnswers(subject);
    revision.set(report.revision);
    await settleSelection(subject, change, report, after && gone);
    const takeBack =
      report.changed > 0
        ? onChanged?.({ subject, change, journal: report.journal, rows: after, gone })
        : undefined;
    if (takeBack && report.journal !== null) undo.remember(report.journal, takeBack);
    return after;
  };

  /** A change that failed may have been carried out in part: that is this window's own, and can be taken back. */
  const settleFailed = async (subject: Subject, change: IssueChange, work: Work | undefined, era: number) => {
    const failed = { work, count: subject.count, has: membership(subject) };
    const journal = await entryOfFailed(host, failed, (entries) => undo.foreign(entries));
    if (journal === null || undo.era !== era) return;
    undo.steps.wrote(journal);
    rows.outdate();
    forgetAnswers(subject);
    await settleSelection(subject, change, { journal, cancelled: true }, null);
  };

  const tell = (
    subject: Subject,
    change: IssueChange,
    report: BulkReport,
    after: readonly IssueRow[] | null,
  ) => {
    const one = subject.count === 1;
    const row = one ? (after?.[0] ?? subject.row) : undefined;
    const { journal, changed } = report;
    const title = changeDone(
      change,
      row?.short_id ?? plural(changed, "issue"),
      nameOf,
      !one && changed !== 1,
    );
    const takeBack: ToastAction | undefined =
      journal === null
        ? undefined
        : { label: "Undo", action: "undo", entry: journal, run: () => void undoEntry(journal, title) };
    if (report.cancelled) {
      const left = subject.count - changed - report.skipped_total;
      toasts.note(`Stopped: ${formatCount(changed)} changed, ${formatCount(left)} unchanged`, {
        detail: skippedSummary(report.reasons, subject.count),
        action: takeBack && { ...takeBack, label: `Undo the ${formatCount(changed)}` },
        // Too few issues for a job: those that are done are skipped when all are asked for again.
        second: {
          label: "Continue",
          run: () => void (report.job === "" ? run(subject, change) : resume(subject, change, report.job)),
        },
      });
    } else if (changed === 0) {
      const [skipped] = report.skipped;
      toasts.note(
        one
          ? `${row?.short_id ?? "This issue"} stays as it is: ${skipped ? skippedReason(skipped.reason) : "nothing to change"}.`
          : `Nothing changed: ${skippedSummary(report.reasons, subject.count)}`,
      );
    } else if (change.kind !== "set_seen" || !one) {
      const merged = change.kind === "merge" && after?.[0] ? `It is ${after[0].short_id} now.` : undefined;
      toasts.done(title, {
        detail: skippedSummary(report.reasons, subject.count) || merged || row?.title,
        action: takeBack,
      });
    }
  };

  const nameOf = (value: string) => assigneeOf(value, people).name;

  const carryOut = async (
    subject: Subject,
    change: IssueChange,
    call: (onProgress: OnProgress) => Promise<BulkReport>,
    job: string | null = null,
  ): Promise<void> => {
    const id = onlyId(subject);
    const key = id ?? JSON.stringify(subject.selection);
    if (underWay.current.has(key) || work.isUnderWay(job)) {
      if (id === null) toasts.note("Wait until the change that is under way has finished, or stop it.");
      return;
    }
    underWay.current.add(key);
    const { era } = undo;
    const handle = work.begin(`${changeVerb(change)} ${subject.name}`, subject.count, job);
    // What is removed here leaves the selection without a word about it, also while that goes on.
    const removed = REMOVES.has(change.kind) ? selection.removing(membership(subject)) : undefined;
    try {
      const report = await call(handle.progress);
      // What it says would be about issues that are not there.
      if (undo.era !== era) return;
      if (report.journal !== null) undo.steps.wrote(report.journal);
      const after = await settle(subject, change, report);
      tell(subject, change, report, after);
    } catch (error) {
      await settleFailed(subject, change, handle.state(), era).catch(() => undefined);
      throw error;
    } finally {
      underWay.current.delete(key);
      removed?.();
      handle.end();
    }
  };

  /** Rejects where the change could not be carried out; what it did is said here. */
  const attempt = (subject: Subject, change: IssueChange): Promise<void> =>
    carryOut(subject, change, (onProgress) => host.bulkChange(subject.selection, change, onProgress));

  const failed = (subject: Subject, change: IssueChange, retry: () => void) => (error: unknown) =>
    toasts.failed(changeFailed(change, subject.row?.short_id ?? sentence(subject.name)), error, retry);

  /** The same, with the failure said, too. */
  const run = (subject: Subject, change: IssueChange): Promise<void> =>
    attempt(subject, change).catch(failed(subject, change, () => void run(subject, change)));

  /** Goes on with a change that was stopped. */
  const resume = (subject: Subject, change: IssueChange, job: string): Promise<void> =>
    carryOut(subject, change, (onProgress) => host.jobResume(job, onProgress), job).catch(
      failed(subject, change, () => void resume(subject, change, job)),
    );

  return { attempt, run };
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
