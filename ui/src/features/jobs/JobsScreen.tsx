import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { WorkLine } from "@/features/bulk/WorkLine";
import { useListExport } from "@/features/export/useListExport";
import type { Job, JobState } from "@/ipc";
import { useActions } from "@/keyboard/useActions";
import { formatCount, formatTook } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./JobsScreen.module.css";
import { canGoOn, isUndo, useJobSteps } from "./useJobSteps";

const STATES: Record<JobState, string> = {
  running: "running",
  done: "done",
  cancelled: "stopped",
  interrupted: "interrupted: Picket ended while it ran",
  failed: "failed",
};

/** What is said of a job that runs elsewhere, or whose process has ended, until it moves. */
const UNSURE = "running, but not seen to move yet";

/** Jobs that are listed at most: older ones are only in the journal, by what they changed. */
const MOST_JOBS = 100;

/** How often a job is asked about that another window runs. */
const RUNNING_MS = 1_000;

/** What runs, what has finished, and what can be gone on with. */
export function JobsScreen() {
  const { host, work } = useServices();
  const queries = useQueryClient();
  const jobs = useQuery({
    ...asks.jobs(host),
    // The end of a job changes nothing in the store that would be told.
    refetchInterval: ({ state }) => (state.data?.some((job) => job.state === "running") ? RUNNING_MS : false),
  });
  const running = useValue(work.running);
  const steps = useJobSteps();
  const now = useNow();
  const reread = useCallback(() => {
    void queries.invalidateQueries({ queryKey: asks.jobs(host).queryKey });
  }, [queries, host]);
  useStoreChange(reread);
  const exporting = useListExport(
    { source: { kind: "jobs" }, name: "jobs", words: "All jobs, also those that are not listed any more" },
    jobs.data?.length ? null : "no job is listed",
  );
  useActions(exporting.actions);
  const mine = new Set(running.map(({ job }) => job));
  const listed = (jobs.data ?? []).filter((job) => !mine.has(job.id));
  return (
    <div className={styles.screen}>
      <h1 className={styles.heading}>Jobs</h1>
      <ProgressLine busy={jobs.isFetching && !jobs.data} label="Reading the jobs" />
      {jobs.error ? <ErrorNotice error={jobs.error} onRetry={reread} /> : null}
      {running.length > 0 ? (
        <section aria-label="Under way" className={styles.running}>
          {running.map((one) => (
            <WorkLine key={one.key} work={one} />
          ))}
        </section>
      ) : null}
      {jobs.data && listed.length === 0 && running.length === 0 ? (
        <EmptyState title="No jobs">
          <p>Changes of more than a thousand issues run as jobs and are listed here with how they ended.</p>
        </EmptyState>
      ) : null}
      <ul className={styles.list}>
        {listed.map((job) => (
          <JobLine key={job.id} job={job} now={now} steps={steps} />
        ))}
      </ul>
      {jobs.data && jobs.data.length >= MOST_JOBS ? (
        <p className={styles.facts} data-testid={testIds.jobsCut}>
          These are the newest {formatCount(MOST_JOBS)} jobs. What older ones changed is in the{" "}
          <Link to="/journal">journal</Link>.
        </p>
      ) : null}
      {exporting.dialog}
    </div>
  );
}

function JobLine({ job, now, steps }: { job: Job; now: number; steps: ReturnType<typeof useJobSteps> }) {
  // One that ended with its process reads as running for a while. Nobody would hear that it is to stop.
  const [found] = useState(job.done);
  const isAlive = job.state === "running" && job.done !== found;
  const took = job.ended_at === null ? "" : ` · took ${formatTook(job.ended_at - job.started_at)}`;
  return (
    <li className={styles.job} data-testid={testIds.job} data-job={job.id} data-state={job.state}>
      <div className={styles.texts}>
        <p className={styles.title}>{job.title}</p>
        <p className={styles.facts}>
          <strong>{job.state === "running" && !isAlive ? UNSURE : STATES[job.state]}</strong> ·{" "}
          {formatCount(job.done)} of {formatCount(job.total)}
          {job.skipped > 0 ? `, ${formatCount(job.skipped)} skipped` : ""}
          {took} · <When time={job.started_at} now={now} />
        </p>
        {job.problem ? <p className={styles.problem}>{job.problem}</p> : null}
      </div>
      {isAlive ? (
        <Button data-testid={testIds.jobButton("cancel")} onClick={() => void steps.cancel(job)}>
          Stop
        </Button>
      ) : null}
      {canGoOn(job) ? (
        <Button data-testid={testIds.jobButton("resume")} onClick={() => void steps.resume(job)}>
          Go on with the other {formatCount(job.total - job.done)}
        </Button>
      ) : null}
      {job.journal !== null ? (
        <Button data-testid={testIds.jobButton("undo")} onClick={() => void steps.undo(job)}>
          {isUndo(job) ? "Do again" : "Undo"}
        </Button>
      ) : null}
    </li>
  );
}
