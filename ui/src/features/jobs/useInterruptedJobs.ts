import { useEffect, useEffectEvent } from "react";
import { useServices } from "@/app/services";
import type { Job } from "@/ipc";
import { formatCount } from "@/lib/format";
import { readStored, writeStored } from "@/lib/persist";
import { canGoOn, useJobSteps } from "./useJobSteps";

const KEY = "picket.jobs-told";
/** A job that ended with its process still reads as running for a minute; then it is known to be interrupted. */
const ASK_AGAIN_MS = 65_000;

const readTold = () => readStored(KEY, (value) => (typeof value === "number" ? value : null)) ?? 0;

/** At launch says which jobs ended with Picket before they were through, each once, with the ways on (UX 8.2). */
export function useInterruptedJobs(): void {
  const { host, toasts, work } = useServices();
  const { resume, undo } = useJobSteps();

  const tell = (job: Job) =>
    toasts.stays(`Interrupted: ${job.title}`, {
      detail: `Picket ended while it ran: ${formatCount(job.done)} of ${formatCount(job.total)} are changed.`,
      action: { label: "Go on", run: () => void resume(job) },
      second: job.journal === null ? undefined : { label: "Undo", run: () => void undo(job) },
    });
  /** Answers whether some job may yet turn out to be interrupted. */
  const look = useEffectEvent(async (): Promise<boolean> => {
    // The list of jobs itself says what is wrong where it cannot be read.
    const jobs = await host.jobs().catch(() => []);
    const told = readTold();
    const found = jobs.filter((job) => job.state === "interrupted" && canGoOn(job) && job.started_at > told);
    writeStored(KEY, Math.max(told, ...found.map((job) => job.started_at)));
    for (const job of found) tell(job);
    const mine = new Set(work.running.get().map(({ job }) => job));
    return jobs.some((job) => job.state === "running" && !mine.has(job.id));
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    void look().then((again) => {
      if (again && !isGone) timer = setTimeout(() => void look(), ASK_AGAIN_MS);
    });
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, []);
}
