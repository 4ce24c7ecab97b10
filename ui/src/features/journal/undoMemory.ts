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
  /** How many issues that was about, those that were taken back before a stop included. */
  issues: number;
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
  /** Entries that are being taken back, each with its era: asked for twice, it is meant once. */
  readonly underWay = new Set<string>();
  private readonly takeBacks = new Map<string, () => boolean>();
  /** The newest entry there was when this window opened the store. */
  private before = Promise.resolve(NOTHING);
  private opened = -1;
  private turn = Promise.resolve();

  /** Tells stores apart that are opened one after the other: what was begun with another number is about another one. */
  get era(): number {
    // What is done before it is known which store is open is done in the first one.
    return Math.max(0, this.opened);
  }

  /** A store was opened. `newest` reads the id of its newest entry; null where it has none. */
  open(newest: () => Promise<string | null>): void {
    this.opened += 1;
    this.steps.clear();
    this.takeBacks.clear();
    this.report.set(null);
    this.before = newest().then(
      (id) => (id === null ? NOTHING : BigInt(id)),
      () => NOTHING,
    );
  }

  /** Steps through the history one after the other: each begins where the one before has ended. */
  inTurn(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  /** Less than this is the id of any entry that was there before the window. */
  async beforeWindow(): Promise<string> {
    return String((await this.before) + 1n);
  }

  /** Those entries that others have written since the window was opened. */
  async foreign(entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
    const before = await this.before;
    return entries.filter(({ id }) => !this.steps.isOwn(id) && BigInt(id) > before);
  }

  /** How the list is put back when an entry is undone. */
  remember(entry: string, takeBack: () => boolean): void {
    this.takeBacks.set(entry, takeBack);
    for (const oldest of this.takeBacks.keys()) {
      if (this.takeBacks.size <= REMEMBERED) break;
      this.takeBacks.delete(oldest);
    }
  }

  /**
   * An entry was taken back, as {@link UndoSteps.turned} is told: puts the list back. False where it is no longer the
   * list the change was made in, or only a part of the change was taken back.
   */
  turned(entry: string, { entry: by, title, remaining }: UndoReport, again: boolean): boolean {
    const stopped = remaining > 0;
    this.steps.turned(entry, by === "" ? null : by, title, again, stopped);
    if (stopped) return false;
    const takeBack = this.takeBacks.get(entry);
    this.takeBacks.delete(entry);
    return takeBack?.() ?? false;
  }
}
