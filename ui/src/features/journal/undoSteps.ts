/** Steps that are remembered. */
const REMEMBERED = 50;

/** Something the user did that no journal of the store knows, such as deleting a view. */
export interface OwnStep {
  undo: () => void;
  redo: () => void;
}

type Step = { kind: "own"; step: OwnStep } | { kind: "entry"; entry: string };

/**
 * What this window did last, in order: steps of its own, and entries of the journal as marks between them. `Mod+Z` takes
 * back the newest of both (UX 8.3); which entry that is, and everything older, is the journal's matter.
 */
export class UndoSteps {
  private steps: Step[] = [];
  /** What was taken back since the last change, oldest first. */
  private undone: Step[] = [];

  /** Something was done. Answers how it is taken back by another way than `Mod+Z`; once. */
  did(step: OwnStep): () => void {
    this.undone = [];
    this.push({ kind: "own", step });
    return () => {
      if (this.take(step)) this.takeBack(step);
    };
  }

  /** A change was written into the journal. */
  wrote(entry: string): void {
    this.undone = [];
    this.push({ kind: "entry", entry });
  }

  /** An entry was taken back, by whichever way. */
  tookBack(entry: string): void {
    const at = this.steps.findIndex((known) => known.kind === "entry" && known.entry === entry);
    if (at !== -1) this.undone.push(...this.steps.splice(at, 1));
  }

  /** An entry was done again, which the journal knows as another one. */
  didAgain(entry: string): void {
    const at = this.undone.findLastIndex(({ kind }) => kind === "entry");
    if (at !== -1) this.undone.splice(at, 1);
    this.push({ kind: "entry", entry });
  }

  /** Takes the newest step back where it is one of the window; false where the journal is asked. */
  undo(): boolean {
    const last = this.steps.at(-1);
    if (last?.kind !== "own") return false;
    this.take(last.step);
    this.takeBack(last.step);
    return true;
  }

  /** Does the step again that was taken back last; false where the journal is asked. */
  redo(): boolean {
    const last = this.undone.at(-1);
    if (last?.kind !== "own") return false;
    this.undone.pop();
    this.push(last);
    last.step.redo();
    return true;
  }

  private takeBack(step: OwnStep): void {
    this.undone.push({ kind: "own", step });
    step.undo();
  }

  /** Takes a step out; false where it is not there any more. */
  private take(step: OwnStep): boolean {
    const at = this.steps.findIndex((known) => known.kind === "own" && known.step === step);
    if (at === -1) return false;
    this.steps.splice(at, 1);
    return true;
  }

  private push(step: Step): void {
    this.steps = [...this.steps, step].slice(-REMEMBERED);
  }
}
