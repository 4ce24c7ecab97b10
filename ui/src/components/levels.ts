/** How a level is drawn: one path in a 16 px box, a shape of its own for each so that colour is never needed. */
export interface LevelMark {
  word: string;
  path: string;
  /** Name of the colour token. */
  token: string;
}

const MARKS: Record<string, LevelMark> = {
  fatal: { word: "fatal", token: "fatal", path: "M8 1.5 14.5 8 8 14.5 1.5 8Z" },
  error: { word: "error", token: "error", path: "M8 2.2 14.8 14H1.2Z" },
  warning: {
    word: "warning",
    token: "warning",
    path: "M6.7 2h2.6l-.5 7.4H7.2ZM8 11a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z",
  },
  info: {
    word: "info",
    token: "info",
    path: "M8 2a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3ZM6.9 6.6h2.2V14H6.9Z",
  },
  debug: { word: "debug", token: "debug", path: "M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z" },
  sample: {
    word: "sample",
    token: "debug",
    path: "M8 4.5A3.5 3.5 0 1 1 8 11.5 3.5 3.5 0 0 1 8 4.5ZM8 6.5A1.5 1.5 0 1 0 8 9.5 1.5 1.5 0 0 0 8 6.5Z",
  },
};

/** The mark of a level word; a word of a newer sender is drawn like `debug` but keeps its name. */
export function levelMark(level: string): LevelMark {
  return MARKS[level] ?? { ...(MARKS.debug as LevelMark), word: level };
}
