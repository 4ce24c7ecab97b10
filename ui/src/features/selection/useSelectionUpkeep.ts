import { useEffect, useLayoutEffect, useRef } from "react";
import { useServices } from "@/app/services";
import { plural } from "@/lib/format";

/**
 * Keeps the selection true: another query clears it, and issues that are gone leave it, which is said unless they are
 * being removed here.
 */
export function useSelectionUpkeep(query: string | null): void {
  const { selection, rows, toasts, announcer } = useServices();
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
  useEffect(
    () => selection.picked.subscribe(() => announcer.say(`${plural(selection.count, "issue")} selected`)),
    [selection, announcer],
  );
}
