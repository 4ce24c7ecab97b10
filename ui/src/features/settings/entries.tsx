import { Switch } from "@base-ui/react/switch";
import { type ReactNode, useId } from "react";
import { type Preferences, preferences, usePreferences } from "@/app/preferences";
import styles from "./SettingsScreen.module.css";

/** One setting: what it is called, what it means, and where it is changed. */
export function Entry({ name, note, children }: { name: string; note: string; children: ReactNode }) {
  return (
    <div className={styles.entry}>
      <div>
        <p className={styles.name}>{name}</p>
        <p className={styles.note}>{note}</p>
      </div>
      {children}
    </div>
  );
}

type Flag = { [K in keyof Preferences]: Preferences[K] extends boolean ? K : never }[keyof Preferences];

/** A setting that is on or off. */
export function Toggle({ field, name, note }: { field: Flag; name: string; note: string }) {
  const current = usePreferences();
  const id = useId();
  return (
    <div className={styles.entry}>
      <div>
        <p id={id} className={styles.name}>
          {name}
        </p>
        <p className={styles.note}>{note}</p>
      </div>
      <Switch.Root
        aria-labelledby={id}
        className={styles.switch}
        checked={current[field]}
        onCheckedChange={(checked) => preferences.change({ [field]: checked })}
      >
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
    </div>
  );
}
