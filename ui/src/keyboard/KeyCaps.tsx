import { keyCaps } from "@/lib/platform";
import type { ActionId } from "./catalogue";
import styles from "./KeyCaps.module.css";
import { useKeymap, usePressedKeys } from "./usePressedKeys";

/** A key sequence drawn as caps, as it has to be pressed now. Decoration: whatever it stands beside carries the name. */
export function KeyCaps({ keys }: { keys: string }) {
  const pressed = usePressedKeys();
  return (
    <span className={styles.sequence} aria-hidden="true">
      {keyCaps(pressed(keys)).map((caps, at) => (
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

/** The key of an action drawn as caps; nothing where it has none. */
export function ActionCaps({ action }: { action: ActionId }) {
  const keys = useKeymap().first(action);
  return keys === undefined ? null : <KeyCaps keys={keys} />;
}
