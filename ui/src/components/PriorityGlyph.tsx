import styles from "./Badge.module.css";
import { priorityMark } from "./priorities";

/** A priority as bars. The word stands beside it. */
export function PriorityGlyph({ priority, size = 12 }: { priority: string; size?: number }) {
  return (
    <svg className={styles.glyph} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={priorityMark(priority).path} />
    </svg>
  );
}
