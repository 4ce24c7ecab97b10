import type { ShownList } from "@/features/inbox/inboxMemory";
import type { IssueChange, IssueGrouping, IssueOrder } from "@/ipc";

/** What was done about one issue of a run. */
export interface Decision {
  issue: string;
  /** The change; null where the issue was skipped. */
  change: IssueChange["kind"] | null;
  /** Entry of the journal that takes it back. */
  journal: string | null;
}

/** A way through a list, issue by issue, in the order it had when it began. */
export interface TriageRun {
  /** What is gone through: the name of a view, or a query. */
  title: string;
  query: string;
  sort: IssueOrder;
  grouping: IssueGrouping | null;
  /** The list at its start, against which new arrivals are counted. */
  revision: string;
  total: number;
  ids: readonly string[];
  /** One for each issue before {@link TriageRun.at}, oldest first. */
  decisions: readonly Decision[];
  /** Place of the issue that is looked at; behind the last one when all are decided. */
  at: number;
  startedAt: number;
  /** When it was ended; null while it goes on. */
  endedAt: number | null;
}

/** Begins a run through the rest of a list, from the row at `from` on. */
export function startRun(list: ShownList, title: string, from: number, now: number): TriageRun {
  const { query, sort, grouping, snapshot } = list;
  return {
    title: title === "" ? "All issues" : title,
    query,
    sort,
    grouping,
    revision: snapshot.revision,
    total: snapshot.total,
    ids: snapshot.ids.slice(Math.max(0, from)),
    decisions: [],
    at: 0,
    startedAt: now,
    endedAt: null,
  };
}

/** The issue that is looked at; null at the end. */
export const currentIssue = (run: TriageRun): string | null =>
  run.endedAt === null ? (run.ids[run.at] ?? null) : null;

/** Decides about the issue that is looked at, and goes to the next one. Anything about another issue changes nothing. */
export function decide(run: TriageRun, decision: Decision, now: number): TriageRun {
  if (currentIssue(run) !== decision.issue) return run;
  const at = run.at + 1;
  return {
    ...run,
    at,
    decisions: [...run.decisions, decision],
    endedAt: at >= run.ids.length ? now : null,
  };
}

/** Goes back to the issue before. */
export function stepBack(run: TriageRun): TriageRun {
  if (run.at === 0) return run;
  return { ...run, at: run.at - 1, decisions: run.decisions.slice(0, -1), endedAt: null };
}

/** Ends a run before its end. */
export const endRun = (run: TriageRun, now: number): TriageRun => ({ ...run, endedAt: run.endedAt ?? now });

const WORDS: Record<IssueChange["kind"], string> = {
  resolve: "resolved",
  resolve_in_release: "resolved",
  resolve_in_next_release: "resolved",
  archive_forever: "archived",
  archive_until_escalating: "archived",
  archive_until: "archived",
  unresolve: "unresolved again",
  set_priority: "given another priority",
  assign: "assigned",
  mark_reviewed: "reviewed",
  add_to_inbox: "put up for review",
  set_bookmark: "bookmarked",
  set_seen: "marked",
  merge: "merged",
  discard: "deleted",
  delete: "deleted",
};

/** What a run came to. */
export interface RunSummary {
  done: number;
  skipped: number;
  left: number;
  /** How often each thing was done, most often first. */
  kinds: readonly { words: string; count: number }[];
  /** Entries that take it all back, newest first. */
  journals: readonly string[];
}

/** Sums a run up. */
export function summarize(run: TriageRun): RunSummary {
  const counts = new Map<string, number>();
  for (const { change } of run.decisions) {
    if (change !== null) counts.set(WORDS[change], (counts.get(WORDS[change]) ?? 0) + 1);
  }
  const skipped = run.decisions.filter(({ change }) => change === null).length;
  return {
    done: run.decisions.length - skipped,
    skipped,
    left: run.ids.length - run.at,
    kinds: [...counts].map(([words, count]) => ({ words, count })).sort((a, b) => b.count - a.count),
    journals: run.decisions.flatMap(({ journal }) => journal ?? []).reverse(),
  };
}

/** Marks say something about an issue and decide nothing. */
export const decides = (change: IssueChange): boolean =>
  change.kind !== "set_seen" && change.kind !== "set_bookmark";
