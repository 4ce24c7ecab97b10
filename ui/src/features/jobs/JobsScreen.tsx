import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { WorkLine } from "@/features/bulk/WorkLine";
import { useUndo } from "@/features/journal/useUndo";
import type { Job, JobState } from "@/ipc";
import { formatCount, formatTook, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./JobsScreen.module.css";

const STATES: Record<JobState, string> = {
  running: "running",
  done: "done",
  cancelled: "stopped",
  interrupted: "interrupted: Picket ended while it ran",
  failed: "failed",
};
const RESUMABLE: readonly JobState[] = ["cancelled", "interrupted", "failed"];

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
  const now = useNow();
  const reread = useCallback(() => {
    void queries.invalidateQueries({ queryKey: asks.jobs(host).queryKey });
  }, [queries, host]);
  useStoreChange(reread);
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
          <JobLine key={job.id} job={job} now={now} onChanged={reread} />
        ))}
      </ul>
    </div>
  );
}

function JobLine({ job, now, onChanged }: { job: Job; now: number; onChanged: () => void }) {
  const { host, toasts, work, queries } = useServices();
  const { undoEntry } = useUndo();
  const { journal } = job;
  const resume = async () => {
    const handle = work.begin(job.title, job.total);
    try {
      const report = await host.jobResume(job.id, handle.progress);
      if (report.cancelled) toasts.note(`Stopped again: ${formatCount(report.changed)} more changed`);
      else
        toasts.done(`Finished: ${job.title}`, { detail: `${plural(report.changed, "issue")} more changed` });
      for (const key of ["issues", "issue", "journal"]) void queries.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      toasts.failed("The job could not be gone on with", error, () => void resume());
    } finally {
      handle.end();
      onChanged();
    }
  };
  const cancel = () =>
    host
      .jobCancel(job.id)
      .then(onChanged, (error: unknown) =>
        toasts.failed("The job could not be stopped", error, () => void cancel()),
      );
  const took = job.ended_at === null ? "" : ` · took ${formatTook(job.ended_at - job.started_at)}`;
  return (
    <li className={styles.job} data-testid={testIds.job} data-job={job.id} data-state={job.state}>
      <div className={styles.texts}>
        <p className={styles.title}>{job.title}</p>
        <p className={styles.facts}>
          <strong>{STATES[job.state]}</strong> · {formatCount(job.done)} of {formatCount(job.total)}
          {job.skipped > 0 ? `, ${formatCount(job.skipped)} skipped` : ""}
          {took} · <When time={job.started_at} now={now} />
        </p>
        {job.problem ? <p className={styles.problem}>{job.problem}</p> : null}
      </div>
      {job.state === "running" ? (
        <Button data-testid={testIds.jobButton("cancel")} onClick={() => void cancel()}>
          Stop
        </Button>
      ) : null}
      {RESUMABLE.includes(job.state) && job.done < job.total ? (
        <Button data-testid={testIds.jobButton("resume")} onClick={() => void resume()}>
          Go on with the other {formatCount(job.total - job.done)}
        </Button>
      ) : null}
      {journal !== null ? (
        <Button
          data-testid={testIds.jobButton("undo")}
          onClick={() => void undoEntry(journal, job.title).then(onChanged)}
        >
          Undo
        </Button>
      ) : null}
    </li>
  );
}
