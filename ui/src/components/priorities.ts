import type { IssuePriority } from "@/ipc";

/** Priorities, the most urgent first. */
export const PRIORITIES: readonly IssuePriority[] = ["high", "medium", "low"];

/** How a priority is drawn: three bars of which one to three are full, so that colour is never needed. */
export interface PriorityMark {
  word: string;
  label: string;
  path: string;
}

const FULL = ["M2 10h3v4H2z", "M6.5 6.5h3V14h-3z", "M11 2.5h3V14h-3z"];
const EMPTY = ["M2 12.6h3V14H2z", "M6.5 12.6h3V14h-3z", "M11 12.6h3V14h-3z"];

function mark(word: string, full: number): PriorityMark {
  const path = FULL.map((bar, at) => (at < full ? bar : EMPTY[at])).join("");
  return { word, label: word.charAt(0).toUpperCase() + word.slice(1), path };
}

const MARKS: Record<string, PriorityMark> = {
  low: mark("low", 1),
  medium: mark("medium", 2),
  high: mark("high", 3),
};

/** The mark of a priority word; a word of a newer shell is drawn without full bars but keeps its name. */
export function priorityMark(priority: string): PriorityMark {
  return MARKS[priority] ?? mark(priority, 0);
}
