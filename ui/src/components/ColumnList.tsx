import { ArrowDown, ArrowUp } from "lucide-react";
import { CheckBox } from "./CheckBox";
import styles from "./ColumnList.module.css";
import { IconButton } from "./IconButton";

/** A column and whether it is wanted. */
export interface ColumnChoice {
  name: string;
  on: boolean;
}

/** The columns with one of them a step further up or down. */
export function moveColumn<T extends ColumnChoice>(
  columns: readonly T[],
  name: string,
  step: 1 | -1,
): readonly T[] {
  const at = columns.findIndex((column) => column.name === name);
  const to = at + step;
  if (at === -1 || to < 0 || to >= columns.length) return columns;
  const next = [...columns];
  const [moved] = next.splice(at, 1);
  if (moved) next.splice(to, 0, moved);
  return next;
}

interface ColumnListProps<T extends ColumnChoice> {
  columns: readonly T[];
  onChange: (columns: readonly T[]) => void;
  /** How a column is called; by its name unless said otherwise. */
  title?: (column: T) => string;
  testId: string;
}

/** Columns to tick and to put in order. Alt with an arrow moves the one that has the focus. */
export function ColumnList<T extends ColumnChoice>({ columns, onChange, title, testId }: ColumnListProps<T>) {
  return (
    <ul className={styles.list}>
      {columns.map((column, at) => {
        const words = title?.(column) ?? column.name;
        const move = (step: 1 | -1) => onChange(moveColumn(columns, column.name, step));
        return (
          <li
            key={column.name}
            className={styles.column}
            data-testid={testId}
            data-name={column.name}
            data-on={column.on ? "" : undefined}
            onKeyDown={(event) => {
              const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined;
              if (!event.altKey || step === undefined) return;
              event.preventDefault();
              move(step);
            }}
          >
            <div className={styles.name}>
              <CheckBox
                checked={column.on}
                onChange={(on) =>
                  onChange(columns.map((other) => (other.name === column.name ? { ...other, on } : other)))
                }
                label={`Column ${words}; Alt with an arrow moves it`}
              >
                {words}
              </CheckBox>
            </div>
            <IconButton label={`Move ${words} up`} disabled={at === 0} tabIndex={-1} onClick={() => move(-1)}>
              <ArrowUp size={12} />
            </IconButton>
            <IconButton
              label={`Move ${words} down`}
              disabled={at === columns.length - 1}
              tabIndex={-1}
              onClick={() => move(1)}
            >
              <ArrowDown size={12} />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
