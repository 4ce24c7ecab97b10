import { keyCaps } from "@/lib/platform";
import styles from "./KeyCaps.module.css";

/** A key sequence drawn as caps. Decoration: whatever it stands beside carries the name. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={styles.sequence} aria-hidden="true">
      {keyCaps(keys).map((caps, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the presses of a sequence have no other identity
        <span key={at} className={styles.press}>
          {caps.map((cap) => (
            <kbd key={cap} className={styles.cap}>
              {cap}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
