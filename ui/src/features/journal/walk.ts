import type { JournalEntry } from "@/ipc";

const canBeUndone = ({ state }: JournalEntry) => state === "done" || state === "partly_undone";

/** The newest change that stands; undos are not changes, but what was done again is. */
export function nextUndo(newestFirst: readonly JournalEntry[]): JournalEntry | null {
  return newestFirst.find((entry) => entry.state === "done" && !entry.is_undo) ?? null;
}

/** The newest undo that stands, unless something else was changed since. */
export function nextRedo(newestFirst: readonly JournalEntry[]): JournalEntry | null {
  for (const entry of newestFirst) {
    if (entry.state !== "done") continue;
    if (entry.is_undo) return entry;
    if (entry.undoes === null) return null;
  }
  return null;
}

/** Why an entry cannot be undone; null where it can. */
export function whyNot(entry: JournalEntry): string | null {
  if (entry.state === "undone") return "it was taken back";
  if (entry.state === "purged") return "its data has been erased";
  return canBeUndone(entry) ? null : "it cannot be taken back";
}
