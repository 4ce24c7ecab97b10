import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import styles from "@/features/jobs/JobsScreen.module.css";
import type { JournalEntry, JournalState } from "@/ipc";
import { formatCount, formatSpan, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import own from "./JournalScreen.module.css";
import { useUndo } from "./useUndo";
import { whyNot } from "./walk";

const STATES: Record<JournalState, string> = {
  done: "stands",
  undone: "taken back",
  partly_undone: "taken back in part",
  purged: "erased",
};
/** Entries read at a time. */
const STEP = 100;

/** What people changed, newest first, and the way back. */
export function JournalScreen() {
  const { host } = useServices();
  const queries = useQueryClient();
  const [limit, setLimit] = useState(STEP);
  const [filter, setFilter] = useState("");
  const journal = useQuery({ ...asks.journal(host, limit), placeholderData: (before) => before });
  const now = useNow();
  const reread = useCallback(() => {
    void queries.invalidateQueries({ queryKey: ["journal"] });
  }, [queries]);
  useStoreChange(reread);
  const entries = journal.data ?? [];
  const wanted = filter.trim().toLowerCase();
  const shown = entries.filter((entry) =>
    [entry.title, entry.actor ?? "", ...entry.examples].join(" ").toLowerCase().includes(wanted),
  );
  return (
    <div className={styles.screen}>
      <h1 className={styles.heading}>Journal</h1>
      <ProgressLine busy={journal.isFetching && !journal.data} label="Reading the journal" />
      {journal.error ? <ErrorNotice error={journal.error} onRetry={reread} /> : null}
      {journal.data && entries.length === 0 ? (
        <EmptyState title="Nothing to undo">
          <p>Everything you change is listed here and can be taken back, also after a restart.</p>
        </EmptyState>
      ) : null}
      {entries.length > 0 ? (
        <input
          type="search"
          className={own.filter}
          aria-label="Filter the journal"
          placeholder="Filter by action, person or issue"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      ) : null}
      {entries.length > 0 && shown.length === 0 ? <p>No entry matches “{filter}”.</p> : null}
      <ul className={styles.list}>
        {shown.map((entry) => (
          <EntryLine key={entry.id} entry={entry} now={now} onChanged={reread} />
        ))}
      </ul>
      {entries.length === limit ? (
        <Button className={styles.more} onClick={() => setLimit(limit + STEP)}>
          Older entries
        </Button>
      ) : null}
    </div>
  );
}

function EntryLine({ entry, now, onChanged }: { entry: JournalEntry; now: number; onChanged: () => void }) {
  const { undoEntry } = useUndo();
  const why = whyNot(entry, now);
  const { undo_until, examples, issues } = entry;
  const further = issues - examples.length;
  return (
    <li
      className={styles.job}
      data-testid={testIds.journalEntry}
      data-entry={entry.id}
      data-state={entry.state}
    >
      <div className={styles.texts}>
        <p className={styles.title}>{entry.title}</p>
        <p className={styles.examples}>
          {examples.join(" · ")}
          {further > 0 ? ` · and ${formatCount(further)} more` : ""}
        </p>
        <p className={styles.facts}>
          {entry.actor ?? "Picket"} · {plural(issues, "issue")} · <When time={entry.at} now={now} /> ·{" "}
          <strong>{STATES[entry.state]}</strong>
          {undo_until !== null && why === null
            ? ` · can be taken back for ${formatSpan(undo_until - now)}`
            : ""}
        </p>
      </div>
      <Button
        aria-disabled={why !== null || undefined}
        aria-label={`${entry.undoes === null ? "Undo" : "Do again"}: ${entry.title}`}
        data-tip={why ?? undefined}
        data-testid={testIds.journalUndo}
        onClick={
          why === null
            ? () => void undoEntry(entry.id, entry.title, entry.undoes !== null).then(onChanged)
            : undefined
        }
      >
        {entry.undoes === null ? "Undo" : "Do again"}
      </Button>
    </li>
  );
}
