/**
 * Work that waits for something and never runs twice at the same time. Called while it runs, it runs once more after
 * that, so the last call is never lost. `work` does not fail.
 */
export function oneAtATime(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
