import type { JournalEntry } from "@/ipc";

/** How often an entry was turned around: 0 is a change, 1 its undo, 2 the undo of that, which does it again. */
function turns(entry: JournalEntry, byId: ReadonlyMap<string, JournalEntry>): number {
  let count = 0;
  let at: JournalEntry | undefined = entry;
  while (at?.undoes != null) {
    count += 1;
    at = byId.get(at.undoes);
  }
  return count;
}

const canBeUndone = ({ state }: JournalEntry) => state === "done" || state === "partly_undone";

/** The newest change that stands; undos are not changes, but what was done again is. */
export function nextUndo(newestFirst: readonly JournalEntry[]): JournalEntry | null {
  const byId = new Map(newestFirst.map((entry) => [entry.id, entry]));
  return newestFirst.find((entry) => entry.state === "done" && turns(entry, byId) % 2 === 0) ?? null;
}

/** The newest undo that stands, unless something else was changed since. */
export function nextRedo(newestFirst: readonly JournalEntry[]): JournalEntry | null {
  const byId = new Map(newestFirst.map((entry) => [entry.id, entry]));
  for (const entry of newestFirst) {
    const turned = turns(entry, byId);
    if (turned === 0) {
      if (entry.state === "done") return null;
    } else if (turned % 2 === 1 && entry.state === "done") return entry;
  }
  return null;
}

/** Why an entry cannot be undone; null where it can. */
export function whyNot(entry: JournalEntry): string | null {
  if (entry.state === "undone") return "it was taken back";
  if (entry.state === "purged") return "its data has been erased";
  return canBeUndone(entry) ? null : "it cannot be taken back";
}
