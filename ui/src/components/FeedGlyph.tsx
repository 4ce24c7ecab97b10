import type { FeedState } from "@/ipc";
import { cx } from "@/lib/classNames";
import styles from "./FeedGlyph.module.css";

interface StateLook {
  /** The state in a word. */
  word: string;
  /** One sentence on what that means. */
  meaning: string;
  path: string;
  tone: "good" | "quiet" | "warn" | "bad";
  hollow?: boolean;
}

const DISC = "M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3Z";
const HALF = "M8 3a5 5 0 0 1 0 10Z";
const TRIANGLE = "M8 2.5 14 13.5H2Z";
const BARS = "M4 3h3v10H4ZM9 3h3v10H9Z";

/** How each feed state looks and reads. Shape and word tell it; colour only helps. */
export const FEED_STATES: Record<FeedState, StateLook> = {
  off: { word: "no feed", meaning: "No feed is running.", path: DISC, tone: "quiet", hollow: true },
  connecting: { word: "connecting", meaning: "Waiting for the first partition.", path: HALF, tone: "warn" },
  live: { word: "live", meaning: "Records arrive and are stored.", path: DISC, tone: "good" },
  idle: { word: "idle", meaning: "Connected and caught up; nothing arrives.", path: DISC, tone: "quiet" },
  store_bound: {
    word: "store-bound",
    meaning:
      "Records arrive faster than they can be stored. Reading pauses now and then; nothing is dropped.",
    path: BARS,
    tone: "warn",
  },
  retrying: {
    word: "retrying",
    meaning: "The broker or the store is away. Picket keeps trying.",
    path: TRIANGLE,
    tone: "warn",
  },
  draining: { word: "stopping", meaning: "Storing what has been read already.", path: HALF, tone: "quiet" },
  failed: { word: "stopped", meaning: "The feed ended with an error.", path: TRIANGLE, tone: "bad" },
};

/** The feed's state as a small shape. The word stands beside it. */
export function FeedGlyph({ state }: { state: FeedState }) {
  const look = FEED_STATES[state];
  return (
    <svg
      className={cx(styles.glyph, styles[look.tone], look.hollow && styles.hollow)}
      width="14"
      height="14"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={look.path} />
    </svg>
  );
}
