import { useState } from "react";
import { Button } from "@/components/Button";
import { type ColumnChoice, ColumnList } from "@/components/ColumnList";
import { Select } from "@/components/Select";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./ExportDialog.module.css";
import { addTag, hasTags, PRESETS, presetColumns, presetOf, type Tabular } from "./exportModel";

/** What the chooser of presets says of columns that are none. */
const OWN = "";

interface ExportColumnsProps {
  /** What is written. */
  what: Tabular;
  columns: readonly ColumnChoice[];
  onChange: (columns: readonly ColumnChoice[]) => void;
}

/** Which columns are written, and in which order. */
export function ExportColumns({ what, columns, onChange }: ExportColumnsProps) {
  const [tag, setTag] = useState("");
  const preset = presetOf(what, columns);
  const add = () => {
    onChange(addTag(columns, tag));
    setTag("");
  };
  return (
    <fieldset className={styles.columns}>
      <legend>Columns</legend>
      <Select
        label="Preset of columns"
        prefix="Preset"
        quiet
        testId={testIds.exportPreset}
        value={preset ?? OWN}
        choices={[
          ...(preset === null ? [{ value: OWN, label: "your own" }] : []),
          ...PRESETS[what].map(({ name, columns: names }) => ({
            value: name,
            label: name,
            note: plural(names.length, "column"),
          })),
        ]}
        onChange={(name) => {
          if (name !== OWN) onChange(presetColumns(what, name, columns));
        }}
      />
      <ColumnList columns={columns} onChange={onChange} testId={testIds.exportColumn} />
      {hasTags(what) ? (
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
      ) : null}
    </fieldset>
  );
}
