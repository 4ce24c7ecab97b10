import { useState } from "react";
import { Button } from "@/components/Button";
import { type ColumnChoice, ColumnList } from "@/components/ColumnList";
import { testIds } from "@/lib/testIds";
import styles from "./ExportDialog.module.css";
import { addTag } from "./exportModel";

interface ExportColumnsProps {
  columns: readonly ColumnChoice[];
  onChange: (columns: readonly ColumnChoice[]) => void;
}

/** Which columns are written, and in which order. */
export function ExportColumns({ columns, onChange }: ExportColumnsProps) {
  const [tag, setTag] = useState("");
  const add = () => {
    onChange(addTag(columns, tag));
    setTag("");
  };
  return (
    <fieldset className={styles.columns}>
      <legend>Columns</legend>
      <ColumnList columns={columns} onChange={onChange} testId={testIds.exportColumn} />
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
