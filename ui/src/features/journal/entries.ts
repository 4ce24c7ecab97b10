import { type Host, type JournalIssue, MAX_ROWS_PER_CALL } from "@/ipc";

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
