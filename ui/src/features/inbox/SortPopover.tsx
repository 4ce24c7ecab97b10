import { ArrowUpDown, X } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, type MouseEvent, useRef } from "react";
import {
  MOST_KEYS,
  orderKeys,
  rankOf,
  SORTS,
  sortAlsoBy,
  sortBy,
  sortMark,
  usualKey,
  withoutKey,
} from "@/app/order";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { Popover } from "@/components/Popover";
import type { IssueOrder, IssueSort } from "@/ipc";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { testIds } from "@/lib/testIds";
import styles from "./SortPopover.module.css";
import { SORT_WORDS, sortNote, sortPhrase } from "./sortWords";

/** Rows of the list, which has two columns. */
const ROWS = Math.ceil(SORTS.length / 2);

interface SortPopoverProps {
  order: IssueOrder;
  onOrder: (order: IssueOrder) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What the list is sorted by: one thing alone, or up to three, one behind the other. */
export function SortPopover({ order, onOrder, open, onOpenChange }: SortPopoverProps) {
  const keymap = useKeymap();
  const list = useRef<HTMLUListElement>(null);
  const keys = orderKeys(order);
  const words = keys.map(({ by, ascending }) => `${SORT_WORDS[by].title} ${ascending ? "↑" : "↓"}`);

  const alone = (by: IssueSort) => {
    onOrder(sortBy(order, by));
    onOpenChange(false);
  };
  const also = (by: IssueSort) => onOrder(sortAlsoBy(order, by));
  const step = (by: IssueSort, rows: number) => {
    const next = SORTS[SORTS.indexOf(by) + rows];
    list.current?.querySelector<HTMLElement>(`[data-sort="${next}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, by: IssueSort) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") step(by, 1);
    else if (event.key === "ArrowUp") step(by, -1);
    else if (event.key === "ArrowRight") step(by, ROWS);
    else if (event.key === "ArrowLeft") step(by, -ROWS);
    else if (event.key === " " || (event.key === "Enter" && event.shiftKey)) also(by);
    else if (event.key === "Enter") alone(by);
    else if (event.key === "Backspace" || event.key === "Delete") onOrder(withoutKey(order, by));
    else return;
    // The button below the key would be pressed as well.
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent, by: IssueSort) => (event.shiftKey ? also(by) : alone(by));

  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      label="Sort by"
      wide
      trigger={
        <Button
          kind="quiet"
          aria-keyshortcuts={keymap.aria("inbox.sort")}
          data-tip={keymap.tip("Sort the list", "inbox.sort")}
          data-testid={testIds.sorting}
          data-value={order}
        >
          <ArrowUpDown size={14} aria-hidden="true" /> Sort {words.join(", ")}
        </Button>
      }
    >
      <div className={styles.chooser}>
        <h2 className={styles.heading}>Sort by up to {MOST_KEYS}</h2>
        <ul
          ref={list}
          className={styles.list}
          style={{ "--rows": ROWS } as CSSProperties}
          data-keeps-arrows=""
        >
          {SORTS.map((by) => {
            const rank = rankOf(order, by);
            const key = rank ? { by, ascending: rank.ascending } : usualKey(by);
            const { title } = SORT_WORDS[by];
            const first = keys[0]?.by === by;
            return (
              <li key={by} className={styles.item}>
                <button
                  type="button"
                  className={styles.key}
                  data-sort={by}
                  data-autofocus={first ? "" : undefined}
                  tabIndex={first ? 0 : -1}
                  aria-pressed={rank !== null}
                  aria-label={rank ? `${title}, ${sortPhrase(key, rank.rank, rank.of)}` : title}
                  onClick={(event) => onClick(event, by)}
                  onKeyDown={(event) => onKeyDown(event, by)}
                >
                  <span className={styles.mark} aria-hidden="true">
                    {rank ? sortMark(rank) : ""}
                  </span>
                  <span>
                    {title}
                    <span className={styles.note}>{sortNote(key)}</span>
                  </span>
                </button>
                {rank && rank.of > 1 ? (
                  <IconButton
                    label={`Do not sort by ${title.toLowerCase()}`}
                    tabIndex={-1}
                    onClick={() => onOrder(withoutKey(order, by))}
                  >
                    <X size={12} />
                  </IconButton>
                ) : null}
              </li>
            );
          })}
        </ul>
        <p className={styles.hint}>
          Enter sorts by it alone. Space, or Shift with a click, adds it, turns it round, takes it out.
        </p>
      </div>
    </Popover>
  );
}
