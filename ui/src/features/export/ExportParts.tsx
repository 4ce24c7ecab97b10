import { CheckBox } from "@/components/CheckBox";
import { Select } from "@/components/Select";
import { testIds } from "@/lib/testIds";
import styles from "./ExportDialog.module.css";
import { type ExportForm, SEPARATORS, TIMES } from "./exportModel";

interface PartProps {
  form: ExportForm;
  onChange: (part: Partial<ExportForm>) => void;
}

/** How times are written. */
export function TimeOptions({ form, onChange }: PartProps) {
  return (
    <Select
      label="Times"
      prefix="Times"
      testId={testIds.exportTimes}
      value={form.times}
      choices={TIMES}
      onChange={(times) => onChange({ times })}
    />
  );
}

/** How CSV is written. */
export function CsvOptions({ form, onChange }: PartProps) {
  const flags = [
    ["header", "First row names the columns"],
    ["formulaGuard", "Keep spreadsheets from running cells as formulas"],
    ["bom", "Byte order mark, which some spreadsheets need"],
  ] as const;
  return (
    <div className={styles.options}>
      <Select
        label="Separator"
        prefix="Separator"
        value={form.separator}
        choices={SEPARATORS}
        onChange={(separator) => onChange({ separator })}
      />
      {flags.map(([name, words]) => (
        <CheckBox key={name} checked={form[name]} onChange={(on) => onChange({ [name]: on })}>
          {words}
        </CheckBox>
      ))}
    </div>
  );
}

const REDACTIONS = [
  ["secrets", "Secrets: passwords, tokens, keys, cookies"],
  ["emails", "E-mail addresses"],
  ["addresses", "IP addresses"],
] as const;

/** What is taken out before anything is written. */
export function Redactions({ form, onChange }: PartProps) {
  const { redact } = form;
  return (
    <fieldset className={styles.redactions}>
      <legend>Take out</legend>
      {REDACTIONS.map(([name, words]) => (
        <CheckBox
          key={name}
          checked={redact[name]}
          testId={testIds.exportRedact(name)}
          onChange={(on) => onChange({ redact: { ...redact, [name]: on } })}
        >
          {words}
        </CheckBox>
      ))}
      <input
        aria-label="Take out whatever this pattern finds"
        placeholder="a pattern of your own, for example ACME-[0-9]+"
        value={redact.pattern}
        spellCheck={false}
        autoComplete="off"
        data-testid={testIds.exportRedact("pattern")}
        onChange={(event) => onChange({ redact: { ...redact, pattern: event.target.value } })}
      />
    </fieldset>
  );
}
