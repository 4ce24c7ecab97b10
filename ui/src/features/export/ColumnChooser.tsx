import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { CheckBox } from "@/components/CheckBox";
import { IconButton } from "@/components/IconButton";
import { testIds } from "@/lib/testIds";
import styles from "./ExportDialog.module.css";
import { addTag, type ColumnChoice, moveColumn } from "./exportModel";

interface ColumnChooserProps {
  columns: readonly ColumnChoice[];
  onChange: (columns: readonly ColumnChoice[]) => void;
}

/** Which columns are written, and in which order. */
export function ColumnChooser({ columns, onChange }: ColumnChooserProps) {
  const [tag, setTag] = useState("");
  const add = () => {
    onChange(addTag(columns, tag));
    setTag("");
  };
  return (
    <fieldset className={styles.columns}>
      <legend>Columns</legend>
      <ul>
        {columns.map((column, at) => (
          <ColumnLine
            key={column.name}
            column={column}
            first={at === 0}
            last={at === columns.length - 1}
            onToggle={(on) =>
              onChange(columns.map((other) => (other.name === column.name ? { ...other, on } : other)))
            }
            onMove={(step) => onChange(moveColumn(columns, column.name, step))}
          />
        ))}
      </ul>
      <div className={styles.tag}>
        <input
          aria-label="Name of a tag"
          placeholder="tag, for example browser"
          value={tag}
          data-testid={testIds.exportTag}
          onChange={(event) => setTag(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button onClick={add} disabled={tag.trim() === ""}>
          Add the tag
        </Button>
      </div>
    </fieldset>
  );
}

interface ColumnLineProps {
  column: ColumnChoice;
  first: boolean;
  last: boolean;
  onToggle: (on: boolean) => void;
  onMove: (step: 1 | -1) => void;
}

function ColumnLine({ column, first, last, onToggle, onMove }: ColumnLineProps) {
  return (
    <li
      className={styles.column}
      data-testid={testIds.exportColumn}
      data-name={column.name}
      data-on={column.on ? "" : undefined}
      onKeyDown={(event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined;
        if (!event.altKey || step === undefined) return;
        event.preventDefault();
        onMove(step);
      }}
    >
      <CheckBox
        checked={column.on}
        onChange={onToggle}
        label={`Column ${column.name}; Alt with an arrow moves it`}
      />
      <span className={styles.name}>{column.name}</span>
      <IconButton label={`Move ${column.name} up`} disabled={first} tabIndex={-1} onClick={() => onMove(-1)}>
        <ArrowUp size={12} />
      </IconButton>
      <IconButton label={`Move ${column.name} down`} disabled={last} tabIndex={-1} onClick={() => onMove(1)}>
        <ArrowDown size={12} />
      </IconButton>
    </li>
  );
}
