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

/** What was asked of a list that is still being read waits for its rows, unless another list is opened meanwhile. */
export function useWhenWhole(shown: ShownList | null): WhenWhole {
  const { announcer } = useServices();
  const waiting = useRef<Waiting | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const wait = useCallback((next: Waiting | null) => {
    waiting.current = next;
    setSaid(next?.then ?? null);
  }, []);
  const forget = useCallback(() => wait(null), [wait]);

  // The list has been drawn by then: what waits may move in it.
  useEffect(() => {
    const next = waiting.current;
    if (!next || !shown) return;
    const isSame = listKey(shown) === next.key;
    if (isSame && shown.isHead) return;
    wait(null);
    if (isSame) next.work(shown);
  }, [shown, wait]);

  return {
    run: (then, work) => {
      if (!shown) return;
      if (!shown.isHead) {
        wait(null);
        work(shown);
        return;
      }
      wait({ key: listKey(shown), then, work });
      announcer.say(`The list is still being read. Picket will ${then} then.`);
    },
    forget,
    waiting: said,
  };
}
