import { useState } from "react";
import { ExplainPopover } from "@/features/search/ExplainPopover";
import { fromCatalogue } from "@/keyboard/catalogue";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { useActions } from "@/keyboard/useActions";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount, formatTook } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import type { ShownList } from "./inboxMemory";
import styles from "./ResultCount.module.css";

interface ResultCountProps {
  shown: ShownList | null;
  stale: boolean;
  /** It could not be read to its end. */
  failed: boolean;
  /** What is done as soon as all matches are there, in words. */
  waiting: string | null;
}

/**
 * Exact number of matches and the time the store took; as long as they are still being read, how many there are at
 * least. Opens how they were found.
 */
export function ResultCount({ shown, stale, failed, waiting }: ResultCountProps) {
  const keymap = useKeymap();
  const [open, setOpen] = useState(false);
  useActions([
    {
      ...fromCatalogue("query.explain"),
      inTextFields: true,
      unavailable: shown ? null : "nothing was searched yet",
      run: () => setOpen(true),
    },
  ]);
  if (!shown) return null;
  const { isHead } = shown;
  const counting = isHead && !failed;
  const { total, took_ms } = shown.snapshot;
  return (
    <ExplainPopover
      shown={shown}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className={styles.count}
          aria-keyshortcuts={keymap.aria("query.explain")}
          data-tip={keymap.tip("How it was found", "query.explain")}
          data-testid={testIds.resultCount}
          data-total={total}
          data-stale={stale ? "" : undefined}
          data-counting={counting ? "" : undefined}
        >
          <strong>
            {formatCount(total)}
            {isHead ? "+" : ""}
          </strong>{" "}
          · {counting ? "counting…" : isHead ? "not counted" : formatTook(took_ms)}
          {waiting === null ? null : (
            <span className={styles.waiting}>
              {" "}
              then {waiting} <ActionCaps action="select.clear" />
            </span>
          )}
        </button>
      }
    />
  );
}
