import { type ReactNode, useId, useState } from "react";
import { cx } from "@/lib/classNames";
import { fuzzyMatch } from "@/lib/fuzzy";
import styles from "./TypeAhead.module.css";

/** One choice of a {@link TypeAhead}. */
export interface TypeAheadOption {
  value: string;
  label: string;
  /** Quiet text at the end of the line. Found by typing, too. */
  note?: string;
  icon?: ReactNode;
  /** It is what holds now. */
  current?: boolean;
  /** It holds now for some of several things: for how many, as `3 of 14`. */
  held?: string | undefined;
  /** Of a choice with a box: whether it is ticked; `mixed` for some of several things. */
  checked?: boolean | "mixed";
}

interface TypeAheadProps {
  /** Name of the field. */
  label: string;
  placeholder: string;
  options: readonly TypeAheadOption[];
  /** `asked`: something was typed or the mark was moved, so the marked line is meant and not just the first one. */
  onChoose: (value: string, asked: boolean) => void;
  /** What a click and Shift+Enter do instead, where lines have boxes that are ticked one after the other. */
  onToggle?: (value: string) => void;
  /**
   * The line that a typed text makes of itself. It comes first, unless the text is the beginning of another one: a new
   * name is not to be taken for one that happens to have its letters.
   */
  typed?: (text: string) => TypeAheadOption | null;
  /** What is shown while there are no options at all. */
  empty?: ReactNode;
  testId?: string;
}

/** A field that narrows a list down while one types; Enter takes the marked line. */
export function TypeAhead(props: TypeAheadProps) {
  const { label, placeholder, options, onChoose, onToggle, typed, empty, testId } = props;
  const id = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState<number | null>(null);
  const own = text.trim() === "" ? null : (typed?.(text) ?? null);
  const known = narrow(options, text);
  const begun = known.some((option) => option.label.startsWith(text.trim().toLowerCase()));
  const found = own ? (begun ? [...known, own] : [own, ...known]) : known;
  // Without a move, the best answer is marked; without text, what holds now.
  const preset =
    text === ""
      ? Math.max(
          0,
          found.findIndex((option) => option.current),
        )
      : 0;
  const at = Math.min(active ?? preset, found.length - 1);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setActive((at + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found[at];
      if (chosen && onToggle && event.shiftKey) toggle(chosen.value);
      else if (chosen) onChoose(chosen.value, text !== "" || active !== null);
    }
  };
  const toggle = (value: string) => {
    onToggle?.(value);
    // On to the next one.
    setText("");
    setActive(null);
  };

  return (
    <>
      <input
        className={styles.input}
        data-autofocus=""
        data-testid={testId}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder={placeholder}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(null);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} id={`${id}-list`} role="listbox" aria-label={label} tabIndex={-1}>
        {found.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the focus and takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            aria-checked={option.held === undefined ? option.checked : "mixed"}
            data-value={option.value}
            className={cx(styles.option, index === at && styles.active, option.current && styles.current)}
            ref={index === at ? reveal : undefined}
            onPointerMove={() => setActive(index)}
            onClick={() => (onToggle ? toggle(option.value) : onChoose(option.value, true))}
          >
            <span className={styles.icon}>{option.icon}</span>
            <span className={styles.label}>
              {option.label}
              {option.current ? <span className="visually-hidden">, chosen now</span> : null}
            </span>
            {option.held === undefined ? null : <span className={styles.held}>– {option.held}</span>}
            {option.note ? <span className={styles.note}>{option.note}</span> : null}
          </div>
        ))}
      </div>
      {found.length === 0 ? (
        <div className={styles.none} role="status">
          {options.length === 0 ? empty : `Nothing matches “${text}”.`}
        </div>
      ) : null}
    </>
  );
}

function narrow(options: readonly TypeAheadOption[], text: string): readonly TypeAheadOption[] {
  if (text.trim() === "") return options;
  return options
    .flatMap((option) => {
      // Beside a box the note counts what has it, which nobody types.
      const note = option.checked === undefined ? (option.note ?? "") : "";
      const scores = [option.label, note].flatMap((words) => fuzzyMatch(text, words)?.score ?? []);
      return scores.length > 0 ? [{ option, score: Math.max(...scores) }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ option }) => option);
}

const reveal = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });
