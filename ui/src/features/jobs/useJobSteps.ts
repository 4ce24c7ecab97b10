import { useQueryClient } from "@tanstack/react-query";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { entryOfJob } from "@/features/journal/entries";
import { useUndo } from "@/features/journal/useUndo";
import type { Job, JobState } from "@/ipc";
import { formatCount, plural } from "@/lib/format";

const RESUMABLE: readonly JobState[] = ["cancelled", "interrupted", "failed"];

/** Whether a job ended before it was through. */
export const canGoOn = (job: Job): boolean => RESUMABLE.includes(job.state) && job.done < job.total;

/** Whether a job takes a change back, so that taking back what it did does the change again. */
export const isUndo = ({ takes_back }: Job): boolean => takes_back !== null && !takes_back.again;

/** What can be done with a job that is not under way in this window. */
export function useJobSteps() {
  const { host, toasts, work, undo: memory, selection } = useServices();
  const queries = useQueryClient();
  const { undoEntry, resume: resumeUndo } = useUndo();
  const reread = () => void queries.invalidateQueries({ queryKey: asks.jobs(host).queryKey });

  const resume = async (job: Job): Promise<void> => {
    if (work.isUnderWay(job.id)) {
      toasts.note("This job goes on already");
      return;
    }
    if (job.takes_back) {
      await resumeUndo(job, job.takes_back);
      reread();
      return;
    }
    const { era } = memory;
    const wrote = (entry: string | null) => {
      if (entry !== null && memory.era === era) memory.steps.wrote(entry);
    };
    const handle = work.begin(job.title, job.total, job.id);
    // Which issues it removes nobody says, but what goes meanwhile goes by it.
    const removed = job.removes ? selection.removing(() => true) : undefined;
    try {
      const report = await host.jobResume(job.id, handle.progress);
      wrote(report.journal);
      if (report.cancelled) toasts.note(`Stopped again: ${formatCount(report.changed)} more changed`);
      else
        toasts.done(`Finished: ${job.title}`, { detail: `${plural(report.changed, "issue")} more changed` });
      for (const key of ["issues", "issue", "journal"]) void queries.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      // What it changed before it failed was done here, too.
      if ((handle.state()?.done ?? 0) > job.done) wrote(await entryOfJob(host, job.id).catch(() => null));
      toasts.failed("The job could not be gone on with", error, () => void resume(job));
    } finally {
      removed?.();
      handle.end();
      reread();
    }
  };
  const cancel = (job: Job): Promise<void> =>
    host
      .jobCancel(job.id)
      .then(reread, (error: unknown) =>
        toasts.failed("The job could not be stopped", error, () => void cancel(job)),
      );
  const undo = (job: Job): Promise<void> =>
    job.journal === null
      ? Promise.resolve()
      : undoEntry(job.journal, job.takes_back?.title ?? job.title, isUndo(job)).then(reread);
  return { resume, cancel, undo };
}
