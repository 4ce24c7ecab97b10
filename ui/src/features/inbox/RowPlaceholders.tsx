import { useSlow } from "@/components/useSlow";
import styles from "./RowPlaceholders.module.css";

const ROWS = 12;

/** Place holders where the list will be, once the first answer takes longer than one notices. */
export function RowPlaceholders() {
  if (!useSlow(true, 400)) return null;
  return (
    <div className={styles.rows} aria-hidden="true">
      {Array.from({ length: ROWS }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={at} className={styles.row} />
      ))}
    </div>
  );
}
