import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Select } from "@/components/Select";
import { useNow } from "@/components/useNow";
import { cx } from "@/lib/classNames";
import { formatMoment } from "@/lib/format";
import { readStored, writeStored } from "@/lib/persist";
import { testIds } from "@/lib/testIds";
import styles from "./SnoozeDialog.module.css";
import {
  acceptSnooze,
  FIELDS_OF,
  readSnooze,
  SNOOZE_CHOICES,
  SNOOZE_DEFAULTS,
  type SnoozeChoice,
  type SnoozeField,
  type SnoozeForm,
  type SpanText,
  type SpanUnit,
} from "./snoozeModel";
import type { Triage } from "./useTriage";

const KEY = "picket.snooze";
const UNITS: readonly { value: SpanUnit; label: string }[] = [
  { value: "minutes", label: "minutes" },
  { value: "hours", label: "hours" },
  { value: "days", label: "days" },
];

/** Chooses what ends the archive of an issue. Starts with what was chosen the last time. */
export function SnoozeDialog({ triage }: { triage: Triage }) {
  const chooser = triage.chooser?.kind === "snooze" ? triage.chooser : null;
  const formId = useId();
  const name = chooser?.subject.name ?? "the issue";
  return (
    <Dialog
      open={chooser !== null}
      onClose={triage.close}
      title={`Archive ${name} until…`}
      footer={
        <>
          <Button onClick={triage.close}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} data-testid={testIds.snoozeConfirm}>
            Archive
          </Button>
        </>
      }
    >
      {chooser ? <SnoozeFields formId={formId} triage={triage} /> : null}
    </Dialog>
  );
}

function SnoozeFields({ formId, triage }: { formId: string; triage: Triage }) {
  const [form, setForm] = useState<SnoozeForm>(() => readStored(KEY, acceptSnooze) ?? SNOOZE_DEFAULTS);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const now = useNow();
  const reading = readSnooze(form, now);
  const change = (part: Partial<SnoozeForm>) => setForm((current) => ({ ...current, ...part }));

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!reading.change) return;
    writeStored(KEY, form);
    setError(null);
    triage.apply(reading.change).then(triage.close, setError);
  };

  /** Enter on a choice does what the button does, as it would in a field. */
  const confirm = (event: React.KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || (event.target as Element).getAttribute("role") !== "radio") return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };

  return (
    <form id={formId} className={styles.form} onSubmit={submit} onKeyDown={confirm} noValidate>
      {error ? <ErrorNotice error={error} /> : null}
      <RadioGroup
        aria-label="What ends it"
        value={form.choice}
        onValueChange={(next) => change({ choice: next as SnoozeChoice })}
        className={styles.choices}
      >
        {SNOOZE_CHOICES.map((choice) => (
          <Radio.Root
            key={choice.value}
            value={choice.value}
            className={styles.line}
            data-testid={testIds.snoozeChoice(choice.value)}
            data-autofocus={choice.value === form.choice ? "" : undefined}
            aria-label={choice.label}
          >
            <span className={styles.dot} aria-hidden="true" />
            <span>{choice.label}</span>
            {choice.end ? (
              <span className={styles.note}>until {formatMoment(choice.end(now), now)}</span>
            ) : null}
          </Radio.Root>
        ))}
      </RadioGroup>
      <Fields form={form} change={change} errors={tried ? reading.errors : {}} />
      <p className={styles.summary} data-testid={testIds.snoozeSummary} aria-live="polite">
        {reading.summary}
      </p>
    </form>
  );
}

interface FieldsProps {
  form: SnoozeForm;
  change: (part: Partial<SnoozeForm>) => void;
  errors: Partial<Record<SnoozeField, string>>;
}

/** The fields that the chosen line asks for. */
function Fields({ form, change, errors }: FieldsProps) {
  const asked = FIELDS_OF[form.choice];
  return (
    <div className={styles.fields}>
      {asked.includes("day") ? (
        <Field name="day" label="Day, and a time if it matters" error={errors.day}>
          {(control) => (
            <TextBox
              {...control}
              placeholder="YYYY-MM-DD HH:MM"
              value={form.day}
              onValue={(day) => change({ day })}
            />
          )}
        </Field>
      ) : null}
      {asked.includes("duration") ? (
        <Field name="duration" label="After" error={errors.duration}>
          {(control) => (
            <Span {...control} span={form.duration} onSpan={(duration) => change({ duration })} />
          )}
        </Field>
      ) : null}
      {asked.includes("count") ? (
        <Field name="count" label="Seen this many times" error={errors.count}>
          {(control) => (
            <TextBox {...control} numeric value={form.count} onValue={(count) => change({ count })} />
          )}
        </Field>
      ) : null}
      {asked.includes("window") ? (
        <Field name="window" label="within (optional)" error={errors.window}>
          {(control) => <Span {...control} span={form.window} onSpan={(window) => change({ window })} />}
        </Field>
      ) : null}
      {asked.includes("users") ? (
        <Field name="users" label="This many users affected" error={errors.users}>
          {(control) => (
            <TextBox {...control} numeric value={form.users} onValue={(users) => change({ users })} />
          )}
        </Field>
      ) : null}
      {asked.includes("users-window") ? (
        <Field name="users-window" label="within (optional)" error={errors["users-window"]}>
          {(control) => (
            <Span {...control} span={form.usersWindow} onSpan={(usersWindow) => change({ usersWindow })} />
          )}
        </Field>
      ) : null}
    </div>
  );
}

interface Control {
  id: string;
  name: SnoozeField;
  label: string;
  describedBy: string | undefined;
  invalid: boolean;
}

interface FieldProps {
  name: SnoozeField;
  label: string;
  error: string | undefined;
  children: (control: Control) => ReactNode;
}

function Field({ name, label, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field} data-name={name}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.control}>
        {children({
          id,
          name,
          label,
          describedBy: error ? `${id}-error` : undefined,
          invalid: error !== undefined,
        })}
      </div>
      {error ? (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      ) : null}
    </div>
  );
}

interface TextBoxProps extends Control {
  value: string;
  onValue: (value: string) => void;
  numeric?: boolean;
  placeholder?: string;
}

function TextBox({ id, name, describedBy, invalid, value, onValue, numeric, placeholder }: TextBoxProps) {
  return (
    <input
      id={id}
      className={cx(styles.box, numeric && styles.number)}
      type="text"
      inputMode={numeric ? "numeric" : undefined}
      placeholder={placeholder}
      autoComplete="off"
      data-testid={testIds.snoozeField(name)}
      aria-invalid={invalid}
      aria-describedby={describedBy}
      value={value}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}

function Span({ span, onSpan, ...control }: Control & { span: SpanText; onSpan: (span: SpanText) => void }) {
  return (
    <>
      <TextBox {...control} numeric value={span.value} onValue={(value) => onSpan({ ...span, value })} />
      <Select
        label={`Unit of “${control.label}”`}
        value={span.unit}
        choices={UNITS}
        onChange={(unit) => onSpan({ ...span, unit })}
      />
    </>
  );
}
