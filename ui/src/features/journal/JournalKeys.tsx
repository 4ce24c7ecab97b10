import type { RowCursor } from "@/components/rows/rowCursor";
import { rowKeys } from "@/components/rows/rowKeys";
import type { JournalEntry } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { useValue } from "@/lib/valueStore";
import { useUndo } from "./useUndo";
import { whyNot } from "./walk";

/** Names of the rows: an entry, and what is listed below it. */
export const entryKey = (id: string): string => `entry-${id}`;
export const issueKey = (entry: string, issue: string): string => `${entryKey(entry)}/${issue}`;

interface JournalKeysProps {
  cursor: RowCursor;
  entries: readonly JournalEntry[];
  /** There is nothing to look through. */
  isEmpty: boolean;
  onFilter: () => void;
  onKind: () => void;
  onChanged: () => void;
}

/** The keys of the journal. By itself, as it is drawn anew with each move of the cursor. */
export function JournalKeys({ cursor, entries, isEmpty, onFilter, onKind, onChanged }: JournalKeysProps) {
  const { undoEntry } = useUndo();
  const [at] = (useValue(cursor.key) ?? "").split("/");
  const entry = entries.find(({ id }) => entryKey(id) === at);
  const unavailable = isEmpty ? "the journal is empty" : null;
  useActions([
    ...rowKeys(cursor, {
      open: "Show or hide the issues of the entry, or open the issue",
      back: "To the button before, back to the row, from an issue to its entry",
    }),
    { ...fromCatalogue("journal.filter"), unavailable, run: onFilter },
    { ...fromCatalogue("journal.kind"), unavailable, run: onKind },
    {
      ...fromCatalogue("journal.undo"),
      ...(entry ? { title: entry.is_undo ? "Do again what the entry undid" : "Undo the entry" } : {}),
      unavailable: entry ? whyNot(entry) : "there is no entry",
      run: () => entry && void undoEntry(entry.id, entry.title, entry.is_undo).then(onChanged),
    },
  ]);
  return null;
}
