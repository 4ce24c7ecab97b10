import { useLayoutEffect, useRef } from "react";
import type { CompletionItem } from "@/ipc";
import { cx } from "@/lib/classNames";
import { formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./SuggestionList.module.css";
import { DAY_ITEM, type Suggestions } from "./useCompletion";

/** Ids the field refers to. */
export const SUGGESTIONS_ID = "query-suggestions";
export const optionId = (at: number) => `${SUGGESTIONS_ID}-${at}`;

/** Room the icon of the field takes. */
const ICON_PX = 24;

/** What people wrote is searched, and nobody chooses from it. */
const FREE_TEXT = "issue.note:";

interface SuggestionListProps {
  shown: Suggestions;
  onAccept: (item: CompletionItem) => void;
}

/** Puts a list below the place it is for, or as near to it as the field has room for the whole list. */
function usePlace(left: number) {
  const list = useRef<HTMLDivElement>(null);
  // After every drawing: another list has another width.
  useLayoutEffect(() => {
    const { current } = list;
    if (!current) return;
    // From the left edge it is as wide as it likes to be.
    current.style.left = "0";
    const room = (current.offsetParent?.clientWidth ?? 0) - current.offsetWidth;
    current.style.left = `${room > 0 ? Math.min(left, room) : 0}px`;
  });
  return list;
}

/** What can stand at the caret. The focus stays in the text. */
export function SuggestionList({ shown, onAccept }: SuggestionListProps) {
  const { items, active, stage, text, start, caret } = shown;
  // The editor begins behind the icon.
  const list = usePlace(shown.left + ICON_PX);
  const typed = text.slice(start, caret);
  if (items.length === 0) {
    const isFree = text.slice(0, start).endsWith(FREE_TEXT);
    return stage === "value" && typed !== "" && !isFree ? (
      <div ref={list} className={styles.list} role="status">
        <p className={styles.none}>
          No stored value starts with <code>{typed}</code>.
        </p>
      </div>
    ) : null;
  }
  return (
    <div ref={list} className={styles.list} data-testid={testIds.suggestions} data-stage={stage}>
      <div
        id={SUGGESTIONS_ID}
        role="listbox"
        aria-label="Suggestions"
        tabIndex={-1}
        className={styles.options}
      >
        {items.map((item, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
          <div
            key={item.text}
            data-opens={item === DAY_ITEM ? "calendar" : undefined}
            id={optionId(at)}
            role="option"
            aria-selected={at === active}
            data-text={item.text}
            className={cx(
              styles.option,
              at === (active ?? 0) && (active === null ? styles.first : styles.active),
            )}
            ref={at === active ? reveal : undefined}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onAccept(item)}
          >
            <span className={styles.label}>{item.label}</span>
            <span className={styles.detail}>{item.detail}</span>
            {item.count === null ? null : (
              <span
                className={styles.count}
                data-tip={`${plural(item.count, "issue")}${item.at_least ? " or more" : ""}`}
              >
                {formatCount(item.count)}
                {item.at_least ? "+" : ""}
              </span>
            )}
          </div>
        ))}
      </div>
      <p className={styles.foot}>
        {items[0] === DAY_ITEM ? null : (
          <>
            <kbd>Tab</kbd> takes the first,{" "}
          </>
        )}
        <kbd>↓</kbd> moves into the list, <kbd>Esc</kbd> closes it
        {shown.global ? " · counts are those of all issues" : ""}
      </p>
    </div>
  );
}

const reveal = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });
