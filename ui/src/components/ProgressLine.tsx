import styles from "./ProgressLine.module.css";
import { useSlow } from "./useSlow";

/** A thin line that appears when work lasts longer than one notices. Takes no room. */
export function ProgressLine({ busy, label }: { busy: boolean; label: string }) {
  const visible = useSlow(busy, 150);
  return (
    <div className={styles.track}>
      {visible ? <div className={styles.line} role="progressbar" aria-label={label} /> : null}
    </div>
  );
}
