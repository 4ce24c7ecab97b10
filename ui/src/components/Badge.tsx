import { cx } from "@/lib/classNames";
import { testIds } from "@/lib/testIds";
import styles from "./Badge.module.css";
import type { BadgeText } from "./badges";

interface BadgeProps {
  badge: BadgeText;
  /** Stable word for tests and styles, such as the substatus. */
  value: string;
}

/** A short word with a meaning, for example New or Regressed. */
export function Badge({ badge, value }: BadgeProps) {
  return (
    <span
      className={cx(styles.badge, styles[badge.tone])}
      data-tip={badge.meaning}
      data-testid={testIds.badge(badge.kind)}
      data-value={value}
    >
      {badge.glyph ? (
        <svg className={styles.glyph} width="11" height="11" viewBox="0 0 16 16" aria-hidden="true">
          <path d={badge.glyph} />
        </svg>
      ) : null}
      {badge.kind === "priority" ? <span className="visually-hidden">Priority </span> : null}
      {badge.label}
    </span>
  );
}
