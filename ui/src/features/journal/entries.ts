import { type Host, type JournalIssue, type JournalWanted, MAX_ROWS_PER_CALL } from "@/ipc";

/** What people did; what came along with it, such as marking as seen, is not theirs to take back by key. */
export const ON_PURPOSE: JournalWanted = { action: null, words: "", by_hand: true };

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
