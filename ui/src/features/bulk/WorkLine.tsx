import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { formatRate, formatTook } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./WorkLine.module.css";
import { progressWords, rateOf, timeLeft, type Work } from "./work";

/** How far something is, how long it will take, and a way to stop it. */
export function WorkLine({ work }: { work: Work }) {
  const { work: store } = useServices();
  const now = Date.now();
  const left = timeLeft(work, now);
  const rate = rateOf(work, now);
  return (
    <span className={styles.line}>
      <span className={styles.title}>{work.title}</span>
      {work.stops ? (
        <>
          <progress
            className={styles.progress}
            aria-label={work.title}
            value={work.done}
            max={Math.max(1, work.total)}
            data-testid={testIds.selection("progress")}
            data-done={work.done}
            data-total={work.total}
          />
          <span className={styles.numbers}>
            {progressWords(work)}
            {rate === null || work.ending ? "" : ` · ${formatRate(Math.round(rate))}/s`}
            {left === null || work.ending ? "" : ` · ${formatTook(left)} left`}
          </span>
          <Button
            // Still there for whoever has pressed it, and with it the keyboard.
            aria-disabled={work.ending || undefined}
            data-testid={testIds.selection("cancel")}
            onClick={() => store.cancel(work.key)}
          >
            {work.ending ? "Stopping…" : "Stop"}
          </Button>
        </>
      ) : (
        <span className={styles.numbers}>{progressWords(work)}</span>
      )}
    </span>
  );
}
