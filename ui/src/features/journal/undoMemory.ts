import type { UndoReport } from "@/ipc";
import { createValueStore } from "@/lib/valueStore";

/** Entries whose effect on the list is remembered. */
const REMEMBERED = 50;

/** An undo that has something to say beside its success. */
export interface ReportedUndo {
  /** The entry that was taken back, and what it did. */
  entry: string;
  title: string;
  /** What was taken back was itself an undo. */
  again: boolean;
  report: UndoReport;
}

/** What taking something back has to know beside the journal. */
export class UndoMemory {
  /** The report that is looked at. */
  readonly report = createValueStore<ReportedUndo | null>(null);
  private readonly takeBacks = new Map<string, () => boolean>();

  /** How the list is put back when an entry is undone. */
  remember(entry: string, takeBack: () => boolean): void {
    this.takeBacks.set(entry, takeBack);
    for (const oldest of this.takeBacks.keys()) {
      if (this.takeBacks.size <= REMEMBERED) break;
      this.takeBacks.delete(oldest);
    }
  }

  /** Puts the list back. False where it is no longer the list the change was made in. */
  takeBack(entry: string): boolean {
    const takeBack = this.takeBacks.get(entry);
    this.takeBacks.delete(entry);
    return takeBack?.() ?? false;
  }
}
