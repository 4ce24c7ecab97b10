import { formatCount, formatTook } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import type { ShownList } from "./inboxMemory";
import styles from "./ResultCount.module.css";

/** Exact number of matches and the time the store took. */
export function ResultCount({ shown, stale }: { shown: ShownList | null; stale: boolean }) {
  if (!shown) return null;
  const { total, took_ms } = shown.snapshot;
  return (
    <span
      className={styles.count}
      data-testid={testIds.resultCount}
      data-total={total}
      data-stale={stale ? "" : undefined}
    >
      <strong>{formatCount(total)}</strong> · {formatTook(took_ms)}
    </span>
  );
}
