import { takenOut } from "@/features/inbox/groupings";
import type { GroupPick } from "@/features/inbox/groupRowElement";
import type { ShownList } from "@/features/inbox/inboxMemory";
import type { IssueSnapshot, Selection } from "@/ipc";
import { createValueStore } from "@/lib/valueStore";

/** What is selected. */
export type Picked =
  | { kind: "none" }
  | { kind: "some"; ids: ReadonlySet<string> }
  /** Everything a query matched when `list` was read, minus some. */
  | { kind: "query"; list: ShownList; at: number; except: ReadonlySet<string> };

export const NOTHING: Picked = { kind: "none" };

const members = new WeakMap<IssueSnapshot, ReadonlySet<string>>();

/** Ids of a snapshot as a set; built when first asked for, because only a list that has moved on needs it. */
function idsOf(snapshot: IssueSnapshot): ReadonlySet<string> {
  const known = members.get(snapshot) ?? new Set(snapshot.ids);
  members.set(snapshot, known);
  return known;
}

/** Exact number of selected issues. */
export function countOf(picked: Picked): number {
  switch (picked.kind) {
    case "none":
      return 0;
    case "some":
      return picked.ids.size;
    case "query":
      return picked.list.snapshot.total - picked.except.size;
  }
}

const names = new WeakMap<Picked, number>();
let named = 0;

/** A short name for what is selected, which may be a million ids: another one whenever something else is selected. */
export function nameOf(picked: Picked): number {
  const known = names.get(picked);
  if (known !== undefined) return known;
  named += 1;
  names.set(picked, named);
  return named;
}

/** Whether an issue is selected. What came to match a query later is not. */
export function isPicked(picked: Picked, id: string): boolean {
  switch (picked.kind) {
    case "none":
      return false;
    case "some":
      return picked.ids.has(id);
    case "query":
      return !picked.except.has(id) && idsOf(picked.list.snapshot).has(id);
  }
}

/**
 * Answers of {@link pickedOf} for one selection and one list: scrolling asks again for each header that comes into view.
 * A list that was read again may have other issues in the same places.
 */
const parts = new WeakMap<Picked, WeakMap<readonly string[], Map<string, GroupPick>>>();

/** Which issues of a part of a list are selected. */
export function pickedOf(picked: Picked, ids: readonly string[], start: number, end: number): GroupPick {
  if (picked.kind === "none") return "none";
  const lists = parts.get(picked) ?? new WeakMap<readonly string[], Map<string, GroupPick>>();
  parts.set(picked, lists);
  const known = lists.get(ids) ?? new Map<string, GroupPick>();
  lists.set(ids, known);
  const name = `${start} ${end}`;
  const before = known.get(name);
  if (before) return before;
  const first = isPicked(picked, ids[start] ?? "");
  let answer: GroupPick = first ? "all" : "none";
  for (let at = start + 1; at < end && answer !== "some"; at += 1) {
    if (isPicked(picked, ids[at] as string) !== first) answer = "some";
  }
  known.set(name, answer);
  return answer;
}

/** Whether every issue of a list is selected, whichever way that came about. */
export function isAll(picked: Picked, snapshot: IssueSnapshot): boolean {
  const { ids, total } = snapshot;
  if (total === 0 || countOf(picked) < total) return false;
  if (picked.kind === "query" && picked.list.snapshot === snapshot) return true;
  // Beyond the cap nobody knows the ids; as many as there are of a query are all of them.
  if (ids.length < total) return picked.kind === "query" && countOf(picked) === total;
  return pickedOf(picked, ids, 0, total) === "all";
}

/** Selected issues that a list does not hold. Nothing can be said of ids beyond its cap, nor before it is read. */
function* elsewhere(picked: Picked, list: ShownList): Generator<string> {
  if (picked.kind === "none" || (picked.kind === "query" && picked.list === list)) return;
  const { snapshot, isHead } = list;
  if (isHead || snapshot.ids.length < snapshot.total) return;
  const all = idsOf(snapshot);
  const ids = picked.kind === "some" ? picked.ids : picked.list.snapshot.ids;
  for (const id of ids) if (!all.has(id) && isPicked(picked, id)) yield id;
}

/** How many of them there are. */
export function countElsewhere(picked: Picked, list: ShownList): number {
  let count = 0;
  for (const _ of elsewhere(picked, list)) count += 1;
  return count;
}

/** Their ids, where they are no more than `most`. */
export function fewElsewhere(picked: Picked, list: ShownList, most: number): string[] {
  const ids: string[] = [];
  for (const id of elsewhere(picked, list)) if (ids.push(id) > most) return [];
  return ids;
}

/** What the store is told; null where nothing is selected. */
export function toSelection(picked: Picked): Selection | null {
  if (countOf(picked) === 0) return null;
  switch (picked.kind) {
    case "none":
      return null;
    case "some":
      return { kind: "some", ids: [...picked.ids] };
    case "query": {
      return wholeList(picked.list, picked.except);
    }
  }
}

/** Everything that a list held when it was read, minus what was taken out of it since, and minus `except`. */
export function wholeList({ query, snapshot }: ShownList, except: Iterable<string> = []): Selection {
  const { revision, list } = snapshot;
  return { kind: "query", query, as_of: revision, list, except: [...except, ...takenOut(snapshot)] };
}

/** `picked` with some issues more or fewer. Nothing left is nothing selected. */
export function withIssues(picked: Picked, ids: Iterable<string>, on: boolean): Picked {
  if (picked.kind === "query") {
    const all = idsOf(picked.list.snapshot);
    const except = new Set(picked.except);
    const added: string[] = [];
    for (const id of ids) {
      if (!all.has(id)) added.push(id);
      else if (on) except.delete(id);
      else except.add(id);
    }
    // An issue that did not match then cannot be part of what matched; the selection becomes a list of ids.
    if (on && added.length > 0 && picked.list.snapshot.ids.length === picked.list.snapshot.total) {
      return {
        kind: "some",
        ids: new Set([...picked.list.snapshot.ids.filter((id) => !except.has(id)), ...added]),
      };
    }
    const next: Picked = { ...picked, except };
    return countOf(next) <= 0 ? NOTHING : next;
  }
  const next = new Set(picked.kind === "some" ? picked.ids : []);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next.size === 0 ? NOTHING : { kind: "some", ids: next };
}

/** The list minus what is selected. */
export function inverted(picked: Picked, list: ShownList, now: number): Picked {
  const { ids, total } = list.snapshot;
  if (picked.kind === "query") {
    const isCapped = ids.length < total;
    if (picked.list.snapshot === list.snapshot || (isCapped && picked.list.query === list.query)) {
      return picked.except.size === 0 ? NOTHING : { kind: "some", ids: picked.except };
    }
    // What is selected of another list, or of this one before it was read again, says nothing of what came since.
    if (!isCapped) {
      const rest = ids.filter((id) => !isPicked(picked, id));
      return rest.length === 0 ? NOTHING : { kind: "some", ids: new Set(rest) };
    }
  }
  const chosen = picked.kind === "none" ? [] : ids.filter((id) => isPicked(picked, id));
  const next: Picked = { kind: "query", list, at: now, except: new Set(chosen) };
  return countOf(next) <= 0 ? NOTHING : next;
}

/**
 * The selection of the issue list. Lives outside the screen: it survives opening an issue, scrolling, applying
 * updates and the actions themselves.
 */
export class IssueSelection {
  readonly picked = createValueStore<Picked>(NOTHING);
  /** Kept when another query is opened. */
  readonly pinned = createValueStore(false);
  private anchor: string | null = null;
  /** The selection without the range that is being drawn from the anchor. */
  private base: Picked = NOTHING;
  private lastEnd: string | null = null;
  private cleared: Picked = NOTHING;
  /** Which issues this window is about to remove, by removal. */
  private readonly removals = new Set<(id: string) => boolean>();

  /** Exact number of selected issues. */
  get count(): number {
    return countOf(this.picked.get());
  }

  has(id: string): boolean {
    return isPicked(this.picked.get(), id);
  }

  /** Selects a row or takes it out, and starts ranges there. */
  toggle(id: string, moveAnchor = true): void {
    const next = withIssues(this.picked.get(), [id], !this.has(id));
    if (moveAnchor) this.startAt(id, next);
    this.put(next);
  }

  /** Selects a part of the list, or takes it out where all of it is selected. */
  togglePart(ids: readonly string[], start: number, end: number): void {
    const picked = this.picked.get();
    const on = pickedOf(picked, ids, start, end) !== "all";
    this.forgetAnchor();
    this.put(withIssues(picked, ids.slice(start, end), on));
  }

  /** Selects from the anchor to a row; without an anchor, from the row itself. */
  rangeTo(ids: readonly string[], index: number): void {
    const end = ids[index];
    if (end === undefined) return;
    const from = this.anchor === null ? -1 : ids.indexOf(this.anchor);
    if (from === -1) this.startAt(end, this.picked.get());
    const start = from === -1 ? index : from;
    this.lastEnd = end;
    const range = ids.slice(Math.min(start, index), Math.max(start, index) + 1);
    this.put(withIssues(this.base, range, true));
  }

  /** Extends by a step of the cursor, from the row it was on. */
  extend(ids: readonly string[], from: number, to: number): void {
    const start = ids[from];
    if (start === undefined) return;
    if (this.anchor === null || this.lastEnd !== start) this.startAt(start, this.picked.get());
    this.rangeTo(ids, to);
  }

  /** Everything the list's query matches. */
  all(list: ShownList, now: number): void {
    if (list.snapshot.total === 0) return;
    this.forgetAnchor();
    this.put({ kind: "query", list, at: now, except: new Set() });
  }

  invert(list: ShownList, now: number): void {
    this.forgetAnchor();
    this.put(inverted(this.picked.get(), list, now));
  }

  /** Exactly these. */
  only(ids: readonly string[]): void {
    this.forgetAnchor();
    this.put(ids.length === 0 ? NOTHING : { kind: "some", ids: new Set(ids) });
  }

  /** Clears it; {@link restore} brings it back. */
  clear(): void {
    const before = this.picked.get();
    this.forgetAnchor();
    this.pinned.set(false);
    this.put(NOTHING);
    if (before.kind !== "none") this.cleared = before;
  }

  /** Whether the last thing that happened to the selection was that it was cleared. */
  get restorable(): boolean {
    return this.cleared.kind !== "none";
  }

  restore(): void {
    if (this.restorable) this.put(this.cleared);
  }

  /** Something was changed since: what was cleared is no longer the last thing that can be taken back. */
  forgetCleared(): void {
    this.cleared = NOTHING;
  }

  /** Another query was opened. */
  queryChanged(): void {
    if (this.pinned.get() || this.picked.get().kind === "none") return;
    this.forgetAnchor();
    // Nobody asked for this, so Mod+Z is still about what was done last.
    this.put(NOTHING);
  }

  /** Takes issues out that no longer exist. Answers which of them were selected. */
  drop(ids: Iterable<string>): string[] {
    const picked = this.picked.get();
    const selected = [...ids].filter((id) => isPicked(picked, id));
    if (selected.length === 0) return selected;
    // A range that is drawn on must not bring them back.
    this.base = withIssues(this.base, selected, false);
    this.put(withIssues(picked, selected, false));
    return selected;
  }

  /** This window begins to remove these issues. Answers with what is called once it has ended. */
  removing(has: (id: string) => boolean): () => void {
    const removal = (id: string) => has(id);
    this.removals.add(removal);
    return () => void this.removals.delete(removal);
  }

  /** Whether this window is about to remove an issue: nobody has to be told that it is gone. */
  isLeaving(id: string): boolean {
    return [...this.removals].some((has) => has(id));
  }

  /**
   * Issues were removed: all of `list` but for exceptions, or some, as `has` tells. What was selected meanwhile by
   * another list is about something else.
   */
  removed(list: ShownList | undefined, has: (id: string) => boolean): void {
    const picked = this.picked.get();
    if (picked.kind === "some") this.drop([...picked.ids].filter(has));
    else if (picked.kind === "query" && picked.list === list) {
      this.only(list.snapshot.ids.filter((id) => !picked.except.has(id) && !has(id)));
    }
  }

  /**
   * The issues of a list were changed, so that its query may no longer match them: they stay selected by their ids.
   * Where the list does not hold them all, nothing can stand for them any more; then the answer is false. What was
   * selected meanwhile by another list is about something else.
   */
  settle(list: ShownList | undefined): boolean {
    const picked = this.picked.get();
    if (picked.kind !== "query" || picked.list !== list) return true;
    const { ids, total } = picked.list.snapshot;
    if (ids.length < total) {
      this.put(NOTHING);
      return false;
    }
    this.put({ kind: "some", ids: new Set(ids.filter((id) => !picked.except.has(id))) });
    return true;
  }

  private put(next: Picked): void {
    this.cleared = NOTHING;
    this.picked.set(next);
  }

  private startAt(id: string, base: Picked): void {
    this.anchor = id;
    this.lastEnd = id;
    this.base = base;
  }

  private forgetAnchor(): void {
    this.anchor = null;
    this.lastEnd = null;
    this.base = NOTHING;
  }
}
