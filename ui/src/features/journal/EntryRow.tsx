import { useState } from "react";
import { Button } from "@/components/Button";
import { GridCell, GridRow } from "@/components/rows/RowGrid";
import { When } from "@/components/When";
import styles from "@/features/jobs/JobsScreen.module.css";
import type { JournalEntry, JournalState } from "@/ipc";
import { formatAge, formatCount, formatSpan, formatTook } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { EntryIssues } from "./EntryIssues";
import { entryKey } from "./JournalKeys";
import own from "./JournalScreen.module.css";
import { countedTitle } from "./titles";
import { useUndo } from "./useUndo";
import { whyNot } from "./walk";

const STATES: Record<JournalState, string> = {
  done: "stands",
  undone: "taken back",
  partly_undone: "taken back in part",
  purged: "erased",
};

/** How an entry stands, and until when it can be taken back. */
function standing(entry: JournalEntry, now: number): [state: string, until: string] {
  const { state, undo_until } = entry;
  const isRunning = undo_until !== null && undo_until > now && whyNot(entry) === null;
  return [STATES[state], isRunning ? `can be taken back for ${formatSpan(undo_until - now)}` : ""];
}

const searchText = (query: string): string => (query === "" ? "everything" : query);

/** Everything the row of an entry says. */
function entryName(entry: JournalEntry, now: number): string {
  const { title, issues, query, examples, actor, at, automatic } = entry;
  const further = issues - examples.length;
  const parts = [
    countedTitle(title, issues),
    query === null ? "" : `search ${searchText(query)}`,
    ...examples,
    further > 0 ? `and ${formatCount(further)} more` : "",
    `by ${actor ?? "Picket"}`,
    `${formatAge(at, now)} ago`,
    automatic ? "by itself" : "",
    ...standing(entry, now),
  ];
  return parts.filter(Boolean).join(", ");
}

interface EntryRowProps {
  entry: JournalEntry;
  now: number;
  onChanged: () => void;
}

/** An entry, and below it the rows of its issues where they are shown. */
export function EntryRow({ entry, now, onChanged }: EntryRowProps) {
  const { undoEntry } = useUndo();
  const why = whyNot(entry);
  const turn = entry.is_undo ? "Do again" : "Undo";
  const { examples, issues, query, took_ms } = entry;
  const title = countedTitle(entry.title, issues);
  const further = issues - examples.length;
  const [expanded, setExpanded] = useState(false);
  const [state, until] = standing(entry, now);
  return (
    <div
      role="presentation"
      className={own.entry}
      data-testid={testIds.journalEntry}
      data-entry={entry.id}
      data-state={entry.state}
    >
      <GridRow
        rowKey={entryKey(entry.id)}
        className={styles.job}
        aria-level={1}
        aria-expanded={expanded}
        aria-label={entryName(entry, now)}
      >
        <GridCell className={styles.texts}>
          <p className={styles.title}>{title}</p>
          {query !== null ? (
            <p className={styles.examples}>
              Search: <code>{searchText(query)}</code>
            </p>
          ) : null}
          {expanded ? null : (
            <p className={styles.examples}>
              {examples.join(" · ")}
              {further > 0 ? ` · and ${formatCount(further)} more` : ""}
            </p>
          )}
          <p className={styles.facts}>
            {entry.actor ?? "Picket"} · <When time={entry.at} now={now} /> ·{" "}
            {took_ms === null ? "" : `took ${formatTook(took_ms)} · `}
            {entry.automatic ? "by itself · " : ""}
            <strong>{state}</strong>
            {until === "" ? "" : ` · ${until}`}
          </p>
        </GridCell>
        <GridCell>
          <Button
            kind="quiet"
            aria-expanded={expanded}
            aria-label={`${expanded ? "Hide the issues" : "Show the issues"}: ${title}`}
            data-row-open=""
            data-testid={testIds.journalExpand}
            onClick={() => setExpanded(!expanded)}
          >
            {expanded ? "Hide issues" : "Show issues"}
          </Button>
        </GridCell>
        <GridCell>
          <Button
            aria-disabled={why !== null || undefined}
            aria-label={`${turn}: ${title}`}
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
        </GridCell>
      </GridRow>
      {expanded ? <EntryIssues entry={entry} /> : null}
    </div>
  );
}
