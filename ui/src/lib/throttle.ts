/** A function that runs at most once per interval: at once when it has rested, else at the interval's end. */
export interface Throttled {
  (): void;
  /** Forgets a run that is still waiting. */
  cancel(): void;
}

/** Limits how often `work` runs. The last call is never lost. */
export function throttle(work: () => void, intervalMs: number): Throttled {
  let lastRun = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    timer = undefined;
    lastRun = performance.now();
    work();
  };
  const throttled = () => {
    if (timer !== undefined) return;
    const wait = lastRun + intervalMs - performance.now();
    if (wait <= 0) run();
    else timer = setTimeout(run, wait);
  };
  return Object.assign(throttled, {
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  });
}
