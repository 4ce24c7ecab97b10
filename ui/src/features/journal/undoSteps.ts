/** Steps that are remembered: more than anybody goes back by key. */
const REMEMBERED = 1_000;

/** Something the user did that no journal of the store knows, such as deleting a view. */
export interface OwnStep {
  undo: () => void;
  redo: () => void;
  /** Says why neither can be done right now, and answers true; the step stays where it is then. */
  isHeldUp?: () => boolean;
}

/**
 * One step of the history. `title` says what an entry is about; null for what the journal calls it. Of one that is a
 * `rest`, a part was taken back when somebody stopped that, and the rest stands.
 */
export type Step =
  | { kind: "own"; step: OwnStep }
  | { kind: "entry"; entry: string; title: string | null; rest?: true };

/**
 * The one history of a window, in order: steps that only the window knows, and entries of the journal that it wrote.
 * `Mod+Z` takes the last one of what was done, `Mod+Shift+Z` the last one of what was undone (UX 8.3). Whether an entry
 * still stands is the journal's matter: whoever goes through the history asks it, and has entries forgotten that do not.
 */
export class UndoSteps {
  private done: Step[] = [];
  /** What was taken back since the last change, oldest first. Its entries are those of the undos. */
  private undone: Step[] = [];
  /** Every entry that was written by this window. */
  private readonly own = new Set<string>();
  private changed = false;

  /** What is taken back next; undefined where that is older than the window. */
  get lastDone(): Step | undefined {
    return this.done.at(-1);
  }

  /** What is done again next. */
  get lastUndone(): Step | undefined {
    return this.undone.at(-1);
  }

  /** Whether something new was done, so that what was undone before the window opened is not done again. */
  get hasChanged(): boolean {
    return this.changed;
  }

  /** Whether an entry is of this window, also one that is not part of its history any more. */
  isOwn(entry: string): boolean {
    return this.own.has(entry);
  }

  /** Another store was opened. */
  clear(): void {
    this.done = [];
    this.undone = [];
    this.own.clear();
    this.changed = false;
  }

  /** Something was done. Answers how it is taken back by another way than `Mod+Z`; once. */
  did(step: OwnStep): () => void {
    this.change({ kind: "own", step });
    return () => this.undo(step);
  }

  /** A change was written into the journal, or a job went on and wrote more of it. */
  wrote(entry: string): void {
    this.forget(entry);
    this.own.add(entry);
    this.change({ kind: "entry", entry, title: null });
  }

  /** Whether taking an entry back does something again. `otherwise` where the history does not have it. */
  isUndo(entry: string, otherwise: boolean): boolean {
    return this.holds(this.undone, entry) || (otherwise && !this.holds(this.done, entry));
  }

  /**
   * An entry was taken back, by whichever way and whoever made it, which wrote the entry `by`; null where it changed
   * nothing. `again`: it was an undo itself. `stopped`: only a part of it was, so that the same key goes on with the rest.
   */
  turned(entry: string, by: string | null, title: string, again: boolean, stopped = false): void {
    if (stopped) this.keepRest(entry, title, again);
    else this.forget(entry);
    if (by === null) return;
    // One that goes on after a stop writes more of the entry that it has begun.
    this.forget(by);
    this.own.add(by);
    this.stack(again).push({ kind: "entry", entry: by, title });
  }

  /** An entry is nothing to go back or forth to any more. */
  forget(entry: string): void {
    const isOther = (known: Step) => known.kind !== "entry" || known.entry !== entry;
    this.done = this.done.filter(isOther);
    this.undone = this.undone.filter(isOther);
  }

  /** Takes a step of the window back, unless that was done or is held up. */
  undo(step: OwnStep): void {
    if (this.move(step, this.done, this.undone)) step.undo();
  }

  /** Does a step of the window again. */
  redo(step: OwnStep): void {
    if (this.move(step, this.undone, this.done)) step.redo();
  }

  private change(step: Step): void {
    this.changed = true;
    this.undone = [];
    this.done = [...this.done, step].slice(-REMEMBERED);
  }

  /** Where a step goes: to those that were done, or that were undone. */
  private stack(done: boolean): Step[] {
    return done ? this.done : this.undone;
  }

  /** An entry whose rest stands keeps its place; one from before the window gets the next one. */
  private keepRest(entry: string, title: string, again: boolean): void {
    const steps = this.stack(!again);
    const known = steps.find((step) => step.kind === "entry" && step.entry === entry);
    if (known?.kind === "entry") known.rest = true;
    else steps.push({ kind: "entry", entry, title, rest: true });
  }

  private holds(steps: readonly Step[], entry: string): boolean {
    return steps.some((known) => known.kind === "entry" && known.entry === entry);
  }

  private move(step: OwnStep, from: Step[], to: Step[]): boolean {
    const at = from.findIndex((known) => known.kind === "own" && known.step === step);
    if (at === -1 || step.isHeldUp?.()) return false;
    to.push(...from.splice(at, 1));
    return true;
  }
}
