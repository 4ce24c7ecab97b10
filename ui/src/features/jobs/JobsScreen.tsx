import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { GridCell, GridRow, RowGrid } from "@/components/rows/RowGrid";
import { RowCursor } from "@/components/rows/rowCursor";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { WorkLine } from "@/features/bulk/WorkLine";
import { progressWords } from "@/features/bulk/work";
import { useListExport } from "@/features/export/useListExport";
import type { Job } from "@/ipc";
import { useActions } from "@/keyboard/useActions";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { JobKeys, jobKey, workKey } from "./JobKeys";
import styles from "./JobsScreen.module.css";
import { howFar, jobName, jobTitle, stateWords } from "./jobWords";
import { canGoOn, isUndo, useJobSteps } from "./useJobSteps";
import { useMoving } from "./useMoving";

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
  const [cursor] = useState(() => new RowCursor());
  const exporting = useListExport(
    { source: { kind: "jobs" }, name: "jobs", words: "All jobs, also those that are not listed any more" },
    jobs.data?.length ? null : "no job is listed",
  );
  useActions(exporting.actions);
  const mine = new Set(running.map(({ job }) => job));
  const listed = (jobs.data ?? []).filter((job) => !mine.has(job.id));
  const isMoving = useMoving(listed);
  return (
    <div className={styles.screen} data-row-scroller="">
      <JobKeys cursor={cursor} running={running} jobs={listed} isMoving={isMoving} steps={steps} />
      <h1 className={styles.heading}>Jobs</h1>
      <ProgressLine busy={jobs.isFetching && !jobs.data} label="Reading the jobs" />
      {jobs.error ? <ErrorNotice error={jobs.error} onRetry={reread} /> : null}
      {jobs.data && listed.length === 0 && running.length === 0 ? (
        <EmptyState title="No jobs">
          <p>Changes of more than a thousand issues run as jobs and are listed here with how they ended.</p>
        </EmptyState>
      ) : null}
      {running.length + listed.length > 0 ? (
        <RowGrid
          cursor={cursor}
          label="Jobs"
          isRead={jobs.isFetchedAfterMount}
          className={styles.list}
          testId={testIds.jobsList}
        >
          {running.map((one) => (
            <GridRow
              key={one.key}
              rowKey={workKey(one)}
              className={styles.job}
              aria-label={`${one.title}, under way here, ${progressWords(one)}`}
            >
              <GridCell className={styles.texts}>
                <WorkLine work={one} />
              </GridCell>
            </GridRow>
          ))}
          {listed.map((job) => (
            <JobLine key={job.id} job={job} isAlive={isMoving(job)} now={now} steps={steps} />
          ))}
        </RowGrid>
      ) : null}
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

interface JobLineProps {
  job: Job;
  /** It runs, and was seen to move. */
  isAlive: boolean;
  now: number;
  steps: ReturnType<typeof useJobSteps>;
}

function JobLine({ job, isAlive, now, steps }: JobLineProps) {
  return (
    <GridRow
      rowKey={jobKey(job.id)}
      className={styles.job}
      aria-label={jobName(job, isAlive, now)}
      data-testid={testIds.job}
      data-job={job.id}
      data-state={job.state}
    >
      <GridCell className={styles.texts}>
        <p className={styles.title}>{jobTitle(job)}</p>
        <p className={styles.facts}>
          <strong>{stateWords(job, isAlive)}</strong> · {howFar(job)} ·{" "}
          <When time={job.started_at} now={now} />
        </p>
        {job.problem ? <p className={styles.problem}>{job.problem}</p> : null}
      </GridCell>
      {isAlive ? (
        <GridCell>
          <Button data-testid={testIds.jobButton("cancel")} onClick={() => void steps.cancel(job)}>
            Stop
          </Button>
        </GridCell>
      ) : null}
      {canGoOn(job) ? (
        <GridCell>
          <Button data-testid={testIds.jobButton("resume")} onClick={() => void steps.resume(job)}>
            Go on with the other {formatCount(job.total - job.done)}
          </Button>
        </GridCell>
      ) : null}
      {job.journal !== null ? (
        <GridCell>
          <Button data-testid={testIds.jobButton("undo")} onClick={() => void steps.undo(job)}>
            {isUndo(job) ? "Do again" : "Undo"}
          </Button>
        </GridCell>
      ) : null}
    </GridRow>
  );
}
