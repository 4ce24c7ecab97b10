import { useServices } from "@/app/services";
import type { RowCursor } from "@/components/rows/rowCursor";
import { rowKeys } from "@/components/rows/rowKeys";
import type { Work } from "@/features/bulk/work";
import type { Job } from "@/ipc";
import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useActions } from "@/keyboard/useActions";
import { useValue } from "@/lib/valueStore";
import { canGoOn, isUndo, type useJobSteps } from "./useJobSteps";

/** Names of the rows. A job keeps its own when it begins to run in this window, and when it ends. */
export const jobKey = (id: string): string => `job-${id}`;
export const workKey = ({ job, key }: Work): string => (job === null ? `work-${key}` : jobKey(job));

interface JobKeysProps {
  cursor: RowCursor;
  running: readonly Work[];
  jobs: readonly Job[];
  isMoving: (job: Job) => boolean;
  steps: ReturnType<typeof useJobSteps>;
}

/** The keys of the jobs. By itself, as it is drawn anew with each move of the cursor. */
export function JobKeys({ cursor, running, jobs, isMoving, steps }: JobKeysProps) {
  const { work } = useServices();
  const at = useValue(cursor.key);
  const mine = running.find((one) => workKey(one) === at);
  const job = jobs.find(({ id }) => jobKey(id) === at);
  /** `why`: why it does nothing with the row under the cursor. */
  const act = (id: ActionId, why: string | null, run: () => void, title?: string): Action => ({
    ...fromCatalogue(id),
    ...(title === undefined ? {} : { title }),
    unavailable: mine || job ? why : "there is no job",
    run,
  });
  const whyNoStop = () => {
    if (mine) return mine.stops ? (mine.ending ? "it is stopping" : null) : "it is done all at once";
    if (job?.state !== "running") return "it does not run";
    return isMoving(job) ? null : "it was not seen to move yet";
  };
  useActions([
    ...rowKeys(cursor, { open: "To the buttons of the job" }),
    act(
      "jobs.resume",
      job && canGoOn(job) ? null : "there is nothing to go on with",
      () => job && void steps.resume(job),
    ),
    act("jobs.stop", whyNoStop(), () => {
      if (mine) work.cancel(mine.key);
      else if (job) void steps.cancel(job);
    }),
    act(
      "jobs.undo",
      job && job.journal !== null ? null : mine ? "it is under way" : "it has changed nothing",
      () => job && void steps.undo(job),
      job && (isUndo(job) ? "Do again what the job undid" : "Undo the job"),
    ),
  ]);
  return null;
}
