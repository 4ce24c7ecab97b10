import type { ShownList } from "@/features/inbox/inboxMemory";
import type { RowStore } from "@/features/inbox/rowStore";
import { countOf, isPicked, type Picked, toSelection, wholeList } from "@/features/selection/selection";
import { type IssueRow, MAX_ROWS_PER_CALL, type Selection } from "@/ipc";
import { plural } from "@/lib/format";

/** What an action is meant for: one issue, or everything that is selected. */
export interface Subject {
  selection: Selection;
  /** Exact number of issues. */
  count: number;
  /** `SHOP-1A`, or `14 issues`. */
  name: string;
  /** The issue, where it is one and its row is known. */
  row: IssueRow | undefined;
  /** Rows that are known of several. All of them only where there are `count`. */
  rows: readonly IssueRow[];
  /** The list that it is all of, but for exceptions. */
  list?: ShownList;
}

/** One issue. */
export function oneIssue(id: string, row: IssueRow | undefined): Subject {
  return {
    selection: { kind: "some", ids: [id] },
    count: 1,
    name: row?.short_id ?? "this issue",
    row,
    rows: row ? [row] : [],
  };
}

/** An issue and the one it is merged into. */
export function pairOf(issue: Subject, into: IssueRow): Subject {
  const row = issue.row;
  return {
    selection: { kind: "some", ids: [onlyId(issue) ?? "", into.id] },
    count: 2,
    name: `${issue.name} into ${into.short_id}`,
    row: undefined,
    rows: row ? [row, into] : [into],
  };
}

/** What is selected; null where nothing is. */
export function selectedIssues(picked: Picked, rows: RowStore): Subject | null {
  const selection = toSelection(picked);
  if (!selection) return null;
  if (selection.kind === "some" && selection.ids.length === 1) {
    const [id] = selection.ids as [string];
    return oneIssue(id, rows.get(id));
  }
  const count = countOf(picked);
  const known =
    selection.kind === "some" && selection.ids.length <= MAX_ROWS_PER_CALL
      ? selection.ids.flatMap((id) => rows.get(id) ?? [])
      : [];
  const list = picked.kind === "query" ? { list: picked.list } : {};
  return { selection, count, name: plural(count, "issue"), row: undefined, rows: known, ...list };
}

/** Everything a list shows. */
export function allOf(list: ShownList): Subject {
  const { snapshot } = list;
  return {
    selection: wholeList(list),
    count: snapshot.total,
    name: plural(snapshot.total, "issue"),
    row: undefined,
    rows: [],
    list,
  };
}

/** Tells whether an issue is part of a subject. Nothing is known of those that its list has no room for. */
export function membership({ selection, list }: Subject): (id: string) => boolean {
  if (selection.kind === "some") {
    const ids = new Set(selection.ids);
    return (id) => ids.has(id);
  }
  if (!list) return () => false;
  const picked: Picked = { kind: "query", list, at: 0, except: new Set(selection.except) };
  return (id) => isPicked(picked, id);
}

/** Ids of a subject, where it names few enough to read their rows at once. */
export function fewIds(subject: Subject): readonly string[] | null {
  const { selection } = subject;
  return selection.kind === "some" && selection.ids.length <= MAX_ROWS_PER_CALL ? selection.ids : null;
}

/** The one id of a subject, where it is one issue. */
export function onlyId(subject: Subject): string | null {
  const { selection } = subject;
  return selection.kind === "some" && selection.ids.length === 1 ? (selection.ids[0] ?? null) : null;
}

/** What all issues of a subject have in common; undefined where they differ or are not all known. */
export function common<T>(subject: Subject | undefined, read: (row: IssueRow) => T): T | undefined {
  const [first, ...rest] = subject?.rows ?? [];
  if (!first || subject?.rows.length !== subject?.count) return undefined;
  const value = read(first);
  return rest.every((row) => read(row) === value) ? value : undefined;
}

/** How many issues of a subject have each value; null where they have one in common, or are not all known. */
export function tally<T>(subject: Subject | undefined, read: (row: IssueRow) => T): Map<T, number> | null {
  if (!subject || subject.rows.length !== subject.count) return null;
  const counts = new Map<T, number>();
  for (const row of subject.rows) counts.set(read(row), (counts.get(read(row)) ?? 0) + 1);
  return counts.size > 1 ? counts : null;
}
