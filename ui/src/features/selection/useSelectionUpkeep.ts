import { useEffect, useLayoutEffect, useRef } from "react";
import { useServices } from "@/app/services";
import type { ShownList } from "@/features/inbox/inboxMemory";
import { MAX_ROWS_PER_CALL } from "@/ipc";
import { plural } from "@/lib/format";
import { fewElsewhere } from "./selection";

/**
 * Keeps the selection true: another query clears it, and issues that are gone leave it, which is said unless they are
 * being removed here.
 */
export function useSelectionUpkeep(shown: ShownList | null): void {
  const { selection, rows, toasts, announcer } = useServices();
  const query = shown?.query ?? null;
  const known = useRef(query);
  // With the commit: a key must not act on issues selected in the list before.
  useLayoutEffect(() => {
    if (query === null || query === known.current) return;
    if (known.current !== null) selection.queryChanged();
    known.current = query;
  }, [selection, query]);
  useEffect(
    () =>
      rows.subscribe((ids) => {
        const gone = selection.drop([...ids].filter((id) => rows.isGone(id)));
        const dropped = gone.filter((id) => !selection.isLeaving(id)).length;
        if (dropped > 0) {
          const are = dropped === 1 ? "is" : "are";
          toasts.note(`${plural(dropped, "selected issue")} ${are} no longer in the store`);
        }
      }),
    [selection, rows, toasts],
  );
  // What left the list with an update may have left the store as well. Of more than a call tells the action says so.
  useEffect(() => {
    if (shown) rows.want(fewElsewhere(selection.picked.get(), shown, MAX_ROWS_PER_CALL));
  }, [selection, rows, shown]);
  useEffect(
    () =>
      selection.picked.subscribe(() =>
        announcer.say(`${plural(selection.count, "issue")} selected`, "selected"),
      ),
    [selection, announcer],
  );
}
