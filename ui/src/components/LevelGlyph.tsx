import { cx } from "@/lib/classNames";
import styles from "./LevelGlyph.module.css";
import { levelMark } from "./levels";

/** The level of an issue or event, told by shape and by colour. */
export function LevelGlyph({ level, size = 16 }: { level: string; size?: number }) {
  const mark = levelMark(level);
  return (
    <svg
      className={cx(styles.glyph, styles[mark.token])}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role="img"
      aria-label={mark.word}
    >
      <path d={mark.path} />
    </svg>
  );
}
