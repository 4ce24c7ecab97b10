import { useEffect, useEffectEvent } from "react";
import { useServices } from "@/app/services";
import type { Job } from "@/ipc";
import { formatCount } from "@/lib/format";
import { readStored, writeStored } from "@/lib/persist";
import { canGoOn, isUndo, useJobSteps } from "./useJobSteps";

const KEY = "picket.jobs-told";
/** A job that ended with its process still reads as running for a minute; then it is known to be interrupted. */
const ASK_AGAIN_MS = 65_000;

/** Jobs that are remembered as told: more than are listed, as there are several stores. */
const MOST_TOLD = 300;

const readTold = () =>
  readStored(KEY, (value) =>
    Array.isArray(value) ? value.filter((one) => typeof one === "string") : null,
  ) ?? [];

/** What is told once: that a job of a store was interrupted at a place. Farther on it is told again. */
const nameOf = (store: string, { id, done }: Job) => `${store}/${id}/${done}`;

/** At launch says which jobs ended with Picket before they were through, each once, with the ways on (UX 8.2). */
export function useInterruptedJobs(): void {
  const { host, toasts, work } = useServices();
  const { resume, undo } = useJobSteps();

  const tell = (job: Job) =>
    toasts.stays(`Interrupted: ${job.title}`, {
      detail: `Picket ended while it ran: ${formatCount(job.done)} of ${formatCount(job.total)} are ${isUndo(job) ? "taken back" : "changed"}.`,
      action: { label: "Go on", run: () => void resume(job) },
      second:
        job.journal === null
          ? undefined
          : { label: isUndo(job) ? "Do again" : "Undo", run: () => void undo(job) },
    });
  /** Answers whether some job may yet turn out to be interrupted. */
  const look = useEffectEvent(async (): Promise<boolean> => {
    // The list of jobs itself says what is wrong where it cannot be read.
    const [jobs, store] = await Promise.all([host.jobs(), host.appInfo().then((info) => info.store)]).catch(
      () => [[], ""] as const,
    );
    const told = readTold();
    const isNew = (job: Job) => !told.includes(nameOf(store, job));
    const found = jobs.filter((job) => job.state === "interrupted" && canGoOn(job) && isNew(job));
    if (found.length > 0) {
      writeStored(KEY, [...told, ...found.map((job) => nameOf(store, job))].slice(-MOST_TOLD));
    }
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
