import type { Work } from "@/features/bulk/work";
import {
  type Host,
  type JournalEntry,
  type JournalIssue,
  type JournalWanted,
  MAX_ROWS_PER_CALL,
} from "@/ipc";

/** What people did; what came along with it, such as marking as seen, is not theirs to take back by key. */
export const ON_PURPOSE: JournalWanted = { action: null, words: "", by_hand: true };
/** Entries among which that of a change is looked for that has just failed. */
const NEWEST = 20;

/** Every issue that an entry of the journal changed and that was not taken back. */
export async function issuesOf(host: Host, entry: string): Promise<string[]> {
  const ids: string[] = [];
  let last: string | null = null;
  for (;;) {
    const page: JournalIssue[] = await host.journalIssues(entry, last, MAX_ROWS_PER_CALL);
    last = page.at(-1)?.id ?? null;
    ids.push(...page.filter(({ undone }) => !undone).map(({ id }) => id));
    if (page.length < MAX_ROWS_PER_CALL) return ids;
  }
}

/** The entry of a job; null where it has changed nothing. */
export async function entryOfJob(host: Host, id: string): Promise<string | null> {
  return (await host.jobs()).find((job) => job.id === id)?.journal ?? null;
}

/** What is known of a change of issues that failed. */
interface Failed {
  work: Work | undefined;
  count: number;
  has: (id: string) => boolean;
}

/**
 * The entry of what a change has done that failed on its way; null where that is nothing. Only a job is known by its
 * number: else it is the newest entry, among those of nobody that is known, that is about nothing but these issues.
 */
export async function entryOfFailed(
  host: Host,
  { work, count, has }: Failed,
  unknown: (entries: readonly JournalEntry[]) => Promise<JournalEntry[]>,
): Promise<string | null> {
  if (!work || work.done === 0) return null;
  const job = work.job === null ? null : await entryOfJob(host, work.job);
  if (job !== null) return job;
  for (const entry of await unknown(await host.journal(ON_PURPOSE, null, NEWEST))) {
    if (entry.undoes !== null || entry.issues > count) continue;
    const issues = await host.journalIssues(entry.id, null, MAX_ROWS_PER_CALL);
    if (issues.length > 0 && issues.every(({ id }) => has(id))) return entry.id;
  }
  return null;
}
