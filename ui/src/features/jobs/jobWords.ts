import { countedTitle } from "@/features/journal/titles";
import type { Job, JobState } from "@/ipc";
import { formatAge, formatCount, formatTook } from "@/lib/format";

const STATES: Record<JobState, string> = {
  running: "running",
  done: "done",
  cancelled: "stopped",
  interrupted: "interrupted: Picket ended while it ran",
  failed: "failed",
};

/** What is said of a job that runs elsewhere, or whose process has ended, until it moves. */
const UNSURE = "running, but not seen to move yet";

/** What a job does, and with how many issues. */
export const jobTitle = ({ title, total }: Job): string => countedTitle(title, total);

/** How a job stands. `isAlive`: it was seen to move. */
export const stateWords = ({ state }: Job, isAlive: boolean): string =>
  state === "running" && !isAlive ? UNSURE : STATES[state];

/** How far a job came, and how long that took. */
export function howFar({ done, total, skipped, started_at, ended_at }: Job): string {
  const left = skipped > 0 ? `, ${formatCount(skipped)} skipped` : "";
  const took = ended_at === null ? "" : ` · took ${formatTook(ended_at - started_at)}`;
  return `${formatCount(done)} of ${formatCount(total)}${left}${took}`;
}

/** Everything a row says of a job. */
export function jobName(job: Job, isAlive: boolean, now: number): string {
  const parts = [
    jobTitle(job),
    stateWords(job, isAlive),
    howFar(job),
    `${formatAge(job.started_at, now)} ago`,
    job.problem,
  ];
  return parts.filter(Boolean).join(", ");
}
