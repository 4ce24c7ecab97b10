import type { JournalEntry, UndoReport } from "@/ipc";
import { createValueStore } from "@/lib/valueStore";
import { UndoSteps } from "./undoSteps";

/** Entries whose effect on the list is remembered. */
const REMEMBERED = 50;
/** Less than the id of any entry. */
const NOTHING = 0n;

/** An undo that has something to say beside its success. */
export interface ReportedUndo {
  /** The entry that was taken back, and what it did. */
  entry: string;
  title: string;
  /** What was taken back was itself an undo. */
  again: boolean;
  report: UndoReport;
}

/**
 * What taking something back has to know beside the journal. The journal is that of the store; what a window takes back
 * by key is what was done in it, or before it was opened. What other windows do meanwhile is said there, and is theirs.
 */
export class UndoMemory {
  /** The report that is looked at. */
  readonly report = createValueStore<ReportedUndo | null>(null);
  /** What this window did, in order. */
  readonly steps = new UndoSteps();
  private readonly takeBacks = new Map<string, () => boolean>();
  /** Entries that were made in this window. */
  private readonly own = new Set<string>();
  /** The newest entry there was when this window opened the store. */
  private before = Promise.resolve(NOTHING);

  /** A store was opened. `newest` reads the id of its newest entry; null where it has none. */
  open(newest: () => Promise<string | null>): void {
    this.own.clear();
    this.takeBacks.clear();
    this.before = newest().then(
      (id) => (id === null ? NOTHING : BigInt(id)),
      () => NOTHING,
    );
  }

  /** Something was done or taken back in this window; null where that changed nothing. */
  made(entry: string | null): void {
    if (entry !== null) this.own.add(entry);
  }

  /** Those entries that are taken back by key in this window, in their order. */
  async within(entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
    const before = await this.before;
    return entries.filter(({ id }) => this.own.has(id) || BigInt(id) <= before);
  }

  /** How the list is put back when an entry is undone. */
  remember(entry: string, takeBack: () => boolean): void {
    this.takeBacks.set(entry, takeBack);
    for (const oldest of this.takeBacks.keys()) {
      if (this.takeBacks.size <= REMEMBERED) break;
      this.takeBacks.delete(oldest);
    }
  }

  /** An entry was taken back: puts the list back. False where it is no longer the list the change was made in. */
  takeBack(entry: string): boolean {
    this.steps.tookBack(entry);
    const takeBack = this.takeBacks.get(entry);
    this.takeBacks.delete(entry);
    return takeBack?.() ?? false;
  }
}
