import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useRef, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { type Choice, Select } from "@/components/Select";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { useListExport } from "@/features/export/useListExport";
import styles from "@/features/jobs/JobsScreen.module.css";
import type { JournalAction, JournalEntry, JournalState, JournalWanted } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { formatCount, formatSpan, formatTook, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { EntryIssues } from "./EntryIssues";
import own from "./JournalScreen.module.css";
import { useUndo } from "./useUndo";
import { whyNot } from "./walk";

const STATES: Record<JournalState, string> = {
  done: "stands",
  undone: "taken back",
  partly_undone: "taken back in part",
  purged: "erased",
};
const ACTIONS: readonly Choice<JournalAction | "all">[] = [
  { value: "all", label: "All" },
  { value: "update", label: "Changes" },
  { value: "merge", label: "Merges" },
  { value: "delete", label: "Deletes" },
  { value: "discard", label: "Discards" },
  { value: "undo", label: "Undos" },
];
/** Entries read at a time; a store answers at most 200. */
const PAGE = 100;

/** What people changed, newest first, and the way back. */
export function JournalScreen() {
  const { host } = useServices();
  const queries = useQueryClient();
  const [filter, setFilter] = useState("");
  const [action, setAction] = useState<JournalAction | "all">("all");
  const words = useDeferredValue(filter.trim());
  const isFiltered = words !== "" || action !== "all";
  const wanted: JournalWanted = { action: action === "all" ? null : action, words, by_hand: false };
  const journal = useInfiniteQuery({
    ...asks.journal(host, wanted, PAGE),
    placeholderData: (before) => before,
  });
  const now = useNow();
  const reread = useCallback(() => {
    void queries.invalidateQueries({ queryKey: ["journal"] });
  }, [queries]);
  useStoreChange(reread);
  const entries = journal.data?.pages.flat() ?? [];
  const readOlder = async () => {
    const isBehind = journal.isFetching;
    await journal.fetchNextPage();
    // It took the place of reading what is new.
    if (isBehind) reread();
  };
  const filterField = useRef<HTMLInputElement>(null);
  const isEmpty = entries.length === 0 && !isFiltered;
  const exporting = useListExport(
    {
      source: { kind: "journal", wanted },
      name: "the journal",
      words: isFiltered ? "All entries of the journal that the filter keeps" : "All entries of the journal",
    },
    entries.length === 0 ? "no entry is listed" : null,
  );
  useActions([
    ...exporting.actions,
    {
      ...fromCatalogue("journal.filter"),
      unavailable: isEmpty ? "the journal is empty" : null,
      run: () => filterField.current?.focus(),
    },
  ]);
  return (
    <div className={styles.screen}>
      <h1 className={styles.heading}>Journal</h1>
      <ProgressLine busy={journal.isFetching && !journal.data} label="Reading the journal" />
      {journal.error ? <ErrorNotice error={journal.error} onRetry={reread} /> : null}
      {journal.data && isEmpty ? (
        <EmptyState title="Nothing to undo">
          <p>Everything you change is listed here and can be taken back, also after a restart.</p>
        </EmptyState>
      ) : null}
      {isEmpty ? null : (
        <div className={own.bar}>
          <input
            ref={filterField}
            type="search"
            className={own.filter}
            aria-label="Filter the journal"
            placeholder="Filter by words, person, search or issue id"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <Select
            label="Kind of action"
            testId={testIds.journalAction}
            value={action}
            choices={ACTIONS}
            onChange={setAction}
          />
        </div>
      )}
      {journal.data && entries.length === 0 && isFiltered ? (
        <p>{words === "" ? "No entry is of this kind." : `No entry matches “${words}”.`}</p>
      ) : null}
      <ul className={styles.list}>
        {entries.map((entry) => (
          <EntryLine key={entry.id} entry={entry} now={now} onChanged={reread} />
        ))}
      </ul>
      {journal.hasNextPage ? (
        <Button
          className={styles.more}
          data-testid={testIds.journalOlder}
          aria-disabled={journal.isFetchingNextPage || undefined}
          onClick={journal.isFetchingNextPage ? undefined : () => void readOlder()}
        >
          Older entries
        </Button>
      ) : null}
      {exporting.dialog}
    </div>
  );
}

function EntryLine({ entry, now, onChanged }: { entry: JournalEntry; now: number; onChanged: () => void }) {
  const { undoEntry } = useUndo();
  const why = whyNot(entry);
  const turn = entry.is_undo ? "Do again" : "Undo";
  const { undo_until, examples, issues, query, took_ms } = entry;
  const further = issues - examples.length;
  const [expanded, setExpanded] = useState(false);
  return (
    <li
      className={styles.job}
      data-testid={testIds.journalEntry}
      data-entry={entry.id}
      data-state={entry.state}
    >
      <div className={styles.texts}>
        <p className={styles.title}>{entry.title}</p>
        {query !== null ? (
          <p className={styles.examples}>
            Search: <code>{query === "" ? "everything" : query}</code>
          </p>
        ) : null}
        {expanded ? (
          <EntryIssues entry={entry} />
        ) : (
          <p className={styles.examples}>
            {examples.join(" · ")}
            {further > 0 ? ` · and ${formatCount(further)} more` : ""}
          </p>
        )}
        <p className={styles.facts}>
          {entry.actor ?? "Picket"} · {plural(issues, "issue")} · <When time={entry.at} now={now} /> ·{" "}
          {took_ms === null ? "" : `took ${formatTook(took_ms)} · `}
          {entry.automatic ? "by itself · " : ""}
          <strong>{STATES[entry.state]}</strong>
          {undo_until !== null && undo_until > now && why === null
            ? ` · can be taken back for ${formatSpan(undo_until - now)}`
            : ""}
        </p>
      </div>
      <Button
        kind="quiet"
        aria-expanded={expanded}
        aria-label={`${expanded ? "Hide the issues" : "Show the issues"}: ${entry.title}`}
        data-testid={testIds.journalExpand}
        onClick={() => setExpanded(!expanded)}
      >
        {expanded ? "Hide issues" : "Show issues"}
      </Button>
      <Button
        aria-disabled={why !== null || undefined}
        aria-label={`${turn}: ${entry.title}`}
        data-tip={why ?? undefined}
        data-testid={testIds.journalUndo}
        onClick={
          why === null
            ? () => void undoEntry(entry.id, entry.title, entry.is_undo).then(onChanged)
            : undefined
        }
      >
        {turn}
      </Button>
    </li>
  );
}
