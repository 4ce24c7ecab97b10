import type { ShownList } from "@/features/inbox/inboxMemory";
import { changedWord } from "@/features/triage/words";
import type { IssueChange, IssueGrouping, IssueOrder } from "@/ipc";

/** What was done about one issue of a run. */
export interface Decision {
  /** The change; null where the issue was skipped. */
  change: IssueChange["kind"] | null;
  /** Entry of the journal that takes it back. */
  journal: string | null;
}

/** A way through a list, issue by issue, in the order it had when it began. */
export interface TriageRun {
  /** Tells it from other runs. */
  id: number;
  /** What is gone through: the name of a view, or a query. */
  title: string;
  query: string;
  sort: IssueOrder;
  grouping: IssueGrouping | null;
  /** The list at its start, against which new arrivals are counted. */
  revision: string;
  total: number;
  /** The name under which that list is kept, for an exact count; null where it is kept no longer. */
  list: string | null;
  /** The order of that list, shared with whoever else holds it. After a restart a part of it, where it was long. */
  ids: readonly string[];
  /** Whether that is all of the list. */
  whole: boolean;
  /** Place in {@link TriageRun.ids} of the issue the run began with. */
  first: number;
  /** Issues the run goes through, also where not all of them are in {@link TriageRun.ids}. */
  length: number;
  /** One for each issue before {@link TriageRun.at}, oldest first. */
  decisions: readonly Decision[];
  /** How many issues lie behind the one that is looked at. */
  at: number;
  /** Time of the start, later by as long as Picket was closed in between. */
  startedAt: number;
  /** When it was ended; null while it goes on. */
  endedAt: number | null;
  /** Whether all that was decided has been taken back. */
  takenBack: boolean;
}

/** Begins a run through the rest of a list, from the row at `from` on. */
export function startRun(list: ShownList, title: string, from: number, now: number): TriageRun {
  const { query, sort, grouping, snapshot } = list;
  const first = Math.min(Math.max(0, from), snapshot.ids.length);
  return {
    id: now,
    title: title === "" ? "All issues" : title,
    query,
    sort,
    grouping,
    revision: snapshot.revision,
    total: snapshot.total,
    list: snapshot.list,
    ids: snapshot.ids,
    whole: true,
    first,
    length: snapshot.ids.length - first,
    decisions: [],
    at: 0,
    startedAt: now,
    endedAt: null,
    takenBack: false,
  };
}

/** The issue that is looked at; null at the end. */
export const currentIssue = (run: TriageRun): string | null =>
  run.endedAt === null ? (run.ids[run.first + run.at] ?? null) : null;

/** Issues that were decided about or skipped. */
export const passedIssues = (run: TriageRun): readonly string[] =>
  run.ids.slice(run.first, run.first + run.at);

/** Decides about the issue that is looked at, and goes to the next one. Anything about another issue changes nothing. */
export function decide(run: TriageRun, issue: string, decision: Decision, now: number): TriageRun {
  if (currentIssue(run) !== issue) return run;
  const at = run.at + 1;
  return {
    ...run,
    at,
    decisions: [...run.decisions, decision],
    endedAt: run.first + at >= run.ids.length ? now : null,
  };
}

/** Goes back to the issue before. */
export function stepBack(run: TriageRun): TriageRun {
  if (run.at === 0) return run;
  return { ...run, at: run.at - 1, decisions: run.decisions.slice(0, -1), endedAt: null };
}

/** Ends a run before its end. */
export const endRun = (run: TriageRun, now: number): TriageRun => ({ ...run, endedAt: run.endedAt ?? now });

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
    if (change !== null) counts.set(changedWord(change), (counts.get(changedWord(change)) ?? 0) + 1);
  }
  const skipped = run.decisions.filter(({ change }) => change === null).length;
  return {
    done: run.decisions.length - skipped,
    skipped,
    left: run.length - run.at,
    kinds: [...counts].map(([words, count]) => ({ words, count })).sort((a, b) => b.count - a.count),
    journals: run.decisions.flatMap(({ journal }) => journal ?? []).reverse(),
  };
}

/** Marks say something about an issue and decide nothing. */
export const decides = (change: IssueChange): boolean =>
  change.kind !== "set_seen" && change.kind !== "set_bookmark";
