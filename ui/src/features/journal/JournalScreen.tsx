import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useRef, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { RowGrid } from "@/components/rows/RowGrid";
import { RowCursor } from "@/components/rows/rowCursor";
import { type Choice, Select } from "@/components/Select";
import { useNow } from "@/components/useNow";
import { useListExport } from "@/features/export/useListExport";
import styles from "@/features/jobs/JobsScreen.module.css";
import type { JournalAction, JournalWanted } from "@/ipc";
import { useActions } from "@/keyboard/useActions";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { EntryRow } from "./EntryRow";
import { JournalKeys } from "./JournalKeys";
import own from "./JournalScreen.module.css";

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
  const { host, announcer } = useServices();
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
  const [isChoosing, setChoosing] = useState(false);
  const [cursor] = useState(() => new RowCursor());
  const hasOlder = journal.hasNextPage;
  const readOn = () => {
    if (hasOlder && !journal.isFetchingNextPage) void readOlder();
  };
  const count = journal.data ? entries.length : null;
  useEffect(() => {
    if (count !== null)
      announcer.say(`${plural(count, "entry", "entries")}${hasOlder ? " so far" : ""}`, "found");
  }, [announcer, count, hasOlder]);
  useEffect(() => {
    // What reads older ones goes with them, and the focus would go along.
    if (!hasOlder && document.activeElement === document.body) cursor.focus();
  }, [hasOlder, cursor]);
  const exporting = useListExport(
    {
      source: { kind: "journal", wanted },
      name: "the journal",
      words: isFiltered ? "All entries of the journal that the filter keeps" : "All entries of the journal",
    },
    entries.length === 0 ? "no entry is listed" : null,
  );
  useActions(exporting.actions);
  return (
    <div className={styles.screen} data-row-scroller="">
      <JournalKeys
        cursor={cursor}
        entries={entries}
        isEmpty={isEmpty}
        onFilter={() => filterField.current?.focus()}
        onKind={() => setChoosing(true)}
        onChanged={reread}
      />
      <h1 className={styles.heading}>Journal</h1>
      <ProgressLine busy={journal.isFetching && !journal.data} label="Reading the journal" />
      {journal.error ? <ErrorNotice error={journal.error} onRetry={reread} /> : null}
      {journal.data && isEmpty ? (
        <EmptyState title="Nothing to undo">
          <p>Everything you change is listed here and can be taken back, also after a restart.</p>
        </EmptyState>
      ) : null}
      {isEmpty ? null : (
        <div className={own.bar} data-region="toolbar">
          <input
            ref={filterField}
            type="search"
            className={own.filter}
            aria-label="Filter the journal"
            placeholder="Filter by words, person, search or issue id"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !event.nativeEvent.isComposing) cursor.focus();
            }}
          />
          <Select
            label="Kind of action"
            testId={testIds.journalAction}
            value={action}
            choices={ACTIONS}
            onChange={setAction}
            open={isChoosing}
            onOpenChange={setChoosing}
          />
        </div>
      )}
      {journal.data && entries.length === 0 && isFiltered ? (
        <p>{words === "" ? "No entry is of this kind." : `No entry matches “${words}”.`}</p>
      ) : null}
      {entries.length > 0 ? (
        <RowGrid
          cursor={cursor}
          label="Journal"
          isTree
          isRead={journal.isFetchedAfterMount}
          isWhole={!hasOlder}
          onEnd={readOn}
          className={styles.list}
          testId={testIds.journalList}
        >
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} now={now} onChanged={reread} />
          ))}
        </RowGrid>
      ) : null}
      {hasOlder ? (
        <Button
          className={styles.more}
          data-testid={testIds.journalOlder}
          aria-disabled={journal.isFetchingNextPage || undefined}
          onClick={readOn}
        >
          Older entries
        </Button>
      ) : null}
      {exporting.dialog}
    </div>
  );
}
