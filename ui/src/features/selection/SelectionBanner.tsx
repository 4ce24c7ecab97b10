import { useEffect, useEffectEvent, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { formatClock, formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { throttle } from "@/lib/throttle";
import { useValue, type ValueStore } from "@/lib/valueStore";
import styles from "./SelectionBanner.module.css";

/** Least time between two countings of the rows on screen. */
const RECOUNT_MS = 100;

interface SelectionBannerProps {
  /** Ids of the rows on screen. */
  visible: () => readonly string[];
  /** Changes with each drawing of the list: by scrolling, another height of rows or of the list, groups, another order. */
  drawings: ValueStore<number>;
}

/** Says that more is selected than can be seen. */
export function SelectionBanner({ visible, drawings }: SelectionBannerProps) {
  const { selection } = useServices();
  const picked = useValue(selection.picked);
  const isQuery = picked.kind === "query";
  // The ids and not their number: what is said is what is taken, also if rows come and go before the click.
  const [seen, setSeen] = useState<readonly string[]>([]);
  const countSeen = useEffectEvent(() => setSeen(visible().filter((id) => selection.has(id))));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the selection is counted again
  useEffect(() => {
    if (!isQuery) return;
    // Not with the commit: the list hands its rows out only after it.
    countSeen();
    const recount = throttle(countSeen, RECOUNT_MS);
    const stop = drawings.subscribe(recount);
    return () => {
      stop();
      recount.cancel();
    };
  }, [isQuery, picked, drawings]);
  if (picked.kind !== "query") return null;
  const { total } = picked.list.snapshot;
  const except = picked.except.size;
  const count = total - except;
  return (
    <div
      className={styles.banner}
      // What is selected is spoken by the one live region; here it would be spoken again.
      role="group"
      aria-label="Selection"
      data-testid={testIds.selectionBanner}
      data-count={count}
      data-except={except}
    >
      <span>
        <strong>
          {except > 0
            ? plural(count, "issue")
            : count === 1
              ? "The one issue"
              : `All ${plural(count, "issue")}`}{" "}
          matching {picked.list.query.trim() === "" ? "everything" : <code>{picked.list.query}</code>}{" "}
          {count === 1 ? "is" : "are"} selected
        </strong>{" "}
        (as of {formatClock(picked.at)}){except > 0 ? `, ${formatCount(except)} excluded` : ""}. Later
        arrivals are not included.
      </span>
      <Button
        kind="quiet"
        // Where none is, as in collapsed groups, there would be nothing left.
        disabled={seen.length === 0}
        data-testid={testIds.selection("only-visible")}
        onClick={() => selection.only(seen)}
      >
        Only the {formatCount(seen.length)} visible
      </Button>
      <Button kind="quiet" data-testid={testIds.selection("clear")} onClick={() => selection.clear()}>
        Clear
      </Button>
    </div>
  );
}
