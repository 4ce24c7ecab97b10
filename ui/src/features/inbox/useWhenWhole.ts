import { useCallback, useEffect, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { listKey, type ShownList } from "./inboxMemory";

/** Does what needs all rows of the list on screen, when all are there. */
export interface WhenWhole {
  /**
   * Runs something with the whole list: at once, or as soon as the rest of it has come. Then `then` says what, as in
   * "go to the last row", and whatever waited before no longer does.
   */
  run: (then: string, work: (list: ShownList) => void) => void;
  /** Nothing waits any more: the user goes on in what is there. */
  forget: () => void;
  /** What waits, in words. */
  waiting: string | null;
}

interface Waiting {
  key: string;
  then: string;
  work: (list: ShownList) => void;
}

/**
 * What was asked of a list that is still being read waits for its rows, unless the user goes on meanwhile, or the rows
 * are no longer on their way. `lost`: why they are not, where that is so.
 */
export function useWhenWhole(shown: ShownList | null, lost: string | null): WhenWhole {
  const { announcer, selection, toasts } = useServices();
  const waiting = useRef<Waiting | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const wait = useCallback((next: Waiting | null) => {
    waiting.current = next;
    setSaid(next?.then ?? null);
  }, []);
  const forget = useCallback(() => wait(null), [wait]);

  // The list has been drawn by then: what waits may move in it. A list that is gone, as when another store is opened,
  // takes along what waits for it: the next one may answer the same question.
  useEffect(() => {
    const next = waiting.current;
    if (!next) return;
    const isSame = shown !== null && lost === null && listKey(shown) === next.key;
    if (isSame && shown.isHead) return;
    wait(null);
    if (isSame) next.work(shown);
  }, [shown, lost, wait]);
  // However rows are picked: what would replace them later, or move the cursor away from them, is not wanted any more.
  useEffect(() => selection.picked.subscribe(forget), [selection, forget]);

  return {
    run: (then, work) => {
      if (!shown) return;
      if (!shown.isHead) {
        wait(null);
        work(shown);
        return;
      }
      if (lost !== null) {
        wait(null);
        toasts.note(`Picket cannot ${then}: ${lost}`);
        return;
      }
      wait({ key: listKey(shown), then, work });
      announcer.say(`The list is still being read. Picket will ${then} then, unless you go on.`, "then");
    },
    forget,
    waiting: said,
  };
}
