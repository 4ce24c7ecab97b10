import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import type { Completion, CompletionItem } from "@/ipc";
import { cx } from "@/lib/classNames";
import { formatCount } from "@/lib/format";
import { DayChooser } from "./DayChooser";
import { mayBeDay, readDay } from "./days";
import { DAY_ITEM, type DayChoice } from "./useCompletion";
import styles from "./ValueField.module.css";

interface ValueFieldProps {
  /** Name of the field. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What can stand there, asked for while somebody is in the field. */
  suggest: () => Promise<Completion>;
  /** What the suggestions depend on. */
  asked: readonly unknown[];
  /** The value is a time: a day of a calendar can be chosen. */
  isTime?: boolean;
  placeholder?: string;
  testId?: string;
}

/** A field for a value, with the stored ones below it while somebody is in it. */
export function ValueField(props: ValueFieldProps) {
  const { label, value, onChange, suggest, asked, isTime = false, placeholder, testId } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [choosing, setChoosing] = useState<Pick<DayChoice, "day"> | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const answer = useQuery({
    queryKey: ["builder-values", ...asked],
    queryFn: suggest,
    enabled: open,
    placeholderData: (before) => before,
    gcTime: 0,
  }).data;
  // What is in the field already needs no line of its own.
  const stored = answer?.stage === "value" ? answer.items.filter((item) => shownValue(item) !== value) : [];
  const all = isTime && mayBeDay(value) ? [...stored, DAY_ITEM] : stored;
  const items = open ? all : [];
  const at = Math.min(active, items.length - 1);
  const take = (item: CompletionItem) => {
    if (item === DAY_ITEM) setChoosing({ day: readDay(value) });
    else onChange(shownValue(item));
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = items[at];
    if (step !== undefined) {
      setOpen(true);
      if (items.length > 0) setActive((at + step + items.length) % items.length);
    } else if (event.key === "Enter" && !chosen) {
      // It takes the row as it is.
      setOpen(false);
      return;
    } else if (event.key === "Enter" && chosen) take(chosen);
    else if (event.key === "Escape" && items.length > 0) setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.field}>
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-label={label}
        aria-expanded={items.length > 0}
        aria-controls={items.length > 0 ? `${id}-list` : undefined}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        data-testid={testId}
        value={value}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          onChange(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
      />
      {items.length > 0 ? (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label="Stored values"
          className={styles.list}
          tabIndex={-1}
        >
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
            <div
              key={item.text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              data-text={item.text}
              data-opens={item === DAY_ITEM ? "calendar" : undefined}
              className={cx(styles.option, index === at && styles.active)}
              ref={index === at ? reveal : undefined}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(item)}
            >
              <span className={styles.label}>{item.label}</span>
              {item.count === null ? item.detail : formatCount(item.count)}
            </div>
          ))}
        </div>
      ) : null}
      <DayChooser
        choosing={choosing}
        onChoose={(day) => {
          onChange(day);
          // Before the calendar goes, which would leave the keyboard to whoever takes it first.
          input.current?.focus();
          setOpen(false);
          setChoosing(null);
        }}
        onClose={() => setChoosing(null)}
        anchor={() => input.current}
        returnFocus={() => input.current}
      />
    </div>
  );
}

/** The value as the field shows it, which is without the quotes of the query. */
const shownValue = (item: CompletionItem) => item.label;

const reveal = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });
