import { cx } from "@/lib/classNames";
import styles from "./Badge.module.css";
import type { BadgeText } from "./badges";

/** A short word with a meaning, for example New or Regressed. */
export function Badge({ badge }: { badge: BadgeText }) {
  return (
    <span className={cx(styles.badge, styles[badge.tone])} title={badge.meaning}>
      {badge.label}
    </span>
  );
}
