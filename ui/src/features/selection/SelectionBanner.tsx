import { useEffectEvent, useLayoutEffect, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { formatClock, formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { throttle } from "@/lib/throttle";
import { useValue } from "@/lib/valueStore";
import styles from "./SelectionBanner.module.css";

/** Least time between two countings of the rows on screen. */
const RECOUNT_MS = 100;

/** Says that more is selected than can be seen. `visible`: ids of the rows on screen. */
export function SelectionBanner({ visible }: { visible: () => readonly string[] }) {
  const { selection } = useServices();
  const picked = useValue(selection.picked);
  const isQuery = picked.kind === "query";
  const [seen, setSeen] = useState(0);
  const count = useEffectEvent(() => setSeen(visible().filter((id) => selection.has(id)).length));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the selection is counted again
  useLayoutEffect(() => {
    if (!isQuery) return;
    count();
    // Again once the banner has its place, which the rows make room for.
    const frame = requestAnimationFrame(count);
    const recount = throttle(count, RECOUNT_MS);
    // Scrolling is heard of wherever it happens; a window of another size shows other rows, too.
    document.addEventListener("scroll", recount, true);
    window.addEventListener("resize", recount);
    return () => {
      cancelAnimationFrame(frame);
      recount.cancel();
      document.removeEventListener("scroll", recount, true);
      window.removeEventListener("resize", recount);
    };
  }, [isQuery, picked]);
  if (picked.kind !== "query") return null;
  const { total } = picked.list.snapshot;
  const except = picked.except.size;
  return (
    <div
      className={styles.banner}
      // What is selected is spoken by the one live region; here it would be spoken again.
      role="group"
      aria-label="Selection"
      data-testid={testIds.selectionBanner}
      data-count={total - except}
      data-except={except}
    >
      <span>
        <strong>
          {except === 0 ? "All " : ""}
          {plural(total - except, "issue")} matching{" "}
          {picked.list.query.trim() === "" ? "everything" : <code>{picked.list.query}</code>} selected
        </strong>{" "}
        (as of {formatClock(picked.at)}){except > 0 ? `, ${formatCount(except)} excluded` : ""}. Later
        arrivals are not included.
      </span>
      <Button
        kind="quiet"
        data-testid={testIds.selection("only-visible")}
        onClick={() => selection.only(visible().filter((id) => selection.has(id)))}
      >
        Only the {formatCount(seen)} visible
      </Button>
      <Button kind="quiet" data-testid={testIds.selection("clear")} onClick={() => selection.clear()}>
        Clear
      </Button>
    </div>
  );
}
