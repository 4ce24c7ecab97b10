import { useServices } from "@/app/services";
import { isAll } from "@/features/selection/selection";
import { useSelectionUpkeep } from "@/features/selection/useSelectionUpkeep";
import { allOf, oneIssue, type Subject, selectedIssues } from "@/features/triage/subject";
import { type Triage, useTriage } from "@/features/triage/useTriage";
import { useValue } from "@/lib/valueStore";
import type { ListQuestion, ShownList } from "./inboxMemory";
import type { IssueListView } from "./issueListView";
import { useDropRows } from "./useDropRows";
import type { WhenWhole } from "./useWhenWhole";

/** What actions of the list are about, and how rows are picked with the pointer. */
export interface ListTriage {
  triage: Triage;
  /** What an action would hit now: the selection, or else the issue under the cursor. */
  current: () => Subject | null;
  /** What is selected, if anything is. */
  selected: Subject | null;
  /** Everything the list has, as soon as all of it is there. */
  everything: Subject | null;
  /** Takes rows out of the list that were put away. */
  drop: ReturnType<typeof useDropRows>;
  pick: (index: number, how: "toggle" | "range" | "add") => void;
  /** Picks the issues from one place of the order up to another, or takes them out. */
  pickGroup: (start: number, end: number) => void;
  pickAll: () => void;
}

/** Actions hit the selection, or else the issue under the cursor. */
export function useListTriage(
  question: ListQuestion,
  shown: ShownList | null,
  view: () => IssueListView | null,
  whole: WhenWhole,
): ListTriage {
  const { rows, selection } = useServices();
  const drop = useDropRows(question);
  const picked = useValue(selection.picked);
  const selected = selectedIssues(picked, rows);
  const underCursor = () => {
    const id = shown?.snapshot.ids[view()?.cursorIndex ?? -1];
    const row = id === undefined ? undefined : rows.get(id);
    // A row that cannot be read yet, or no longer, is not acted on.
    return id === undefined || row === undefined || rows.isGone(id) ? null : oneIssue(id, row);
  };
  // With the rows as they are when it is asked: they may have been read again since the selection was drawn.
  const current = () => selectedIssues(selection.picked.get(), rows) ?? underCursor();
  const triage = useTriage({
    scope: "list",
    // Whoever changes issues goes on in what is there: a cursor that moved by itself would be on others the next time.
    subject: () => {
      whole.forget();
      return current();
    },
    known: selected ?? undefined,
    onChanged: drop,
  });
  useSelectionUpkeep(shown);
  return {
    triage,
    current,
    selected,
    everything: shown && !shown.isHead ? allOf(shown) : null,
    drop,
    pick: (index, how) => {
      const id = shown?.snapshot.ids[index];
      if (!shown || id === undefined) return;
      if (how === "range") selection.rangeTo(shown.snapshot.ids, index);
      else selection.toggle(id, how === "toggle");
    },
    pickGroup: (start, end) => {
      if (shown) selection.togglePart(shown.snapshot.ids, start, end);
    },
    pickAll: () => {
      // A part becomes all, as with the key; only all becomes nothing.
      whole.run("select all", (list) => {
        if (isAll(selection.picked.get(), list.snapshot)) selection.clear();
        else selection.all(list, Date.now());
      });
    },
  };
}
