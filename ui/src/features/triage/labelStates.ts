import type { IssueChange } from "@/ipc";

/** How many of the issues have a label. */
export type LabelState = "all" | "some" | "none";

/** Labels that are to change: whether all issues get them, or lose them. */
export type Wanted = ReadonlyMap<string, boolean>;

/** Longest label, in characters. */
const LONGEST = 64;

/** The label that a typed text names: in lower case. Null where it can be none. */
export function labelText(typed: string): string | null {
  const label = typed.trim().toLowerCase();
  const length = [...label].length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no label may have
  return length === 0 || length > LONGEST || /[,\u0000-\u001f\u007f-\u009f]/.test(label) ? null : label;
}

/** What a box shows: what is wanted, else what holds. */
export function shownState(wanted: Wanted, label: string, holds: LabelState): LabelState {
  const on = wanted.get(label);
  return on === undefined ? holds : on ? "all" : "none";
}

/** After a press on the box: on and off in turn, and where only some have it, back to that. */
export function toggled(wanted: Wanted, label: string, holds: LabelState): Wanted {
  const turns: Record<LabelState, (boolean | undefined)[]> = {
    all: [undefined, false],
    none: [undefined, true],
    some: [undefined, true, false],
  };
  const turn = turns[holds];
  const next = turn[(turn.indexOf(wanted.get(label)) + 1) % turn.length];
  const after = new Map(wanted);
  if (next === undefined) after.delete(label);
  else after.set(label, next);
  return after;
}

/** The change that is wanted; null where none is. */
export function labelsChange(wanted: Wanted): (IssueChange & { kind: "change_labels" }) | null {
  if (wanted.size === 0) return null;
  const those = (on: boolean) => [...wanted].filter(([, is]) => is === on).map(([label]) => label);
  return { kind: "change_labels", add: those(true), remove: those(false) };
}
