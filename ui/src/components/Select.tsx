import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/classNames";
import styles from "./Select.module.css";

/** One choice of a {@link Select}. */
export interface Choice<T extends string> {
  value: T;
  label: string;
  /** One line below the label. */
  note?: string;
  disabled?: boolean;
}

interface SelectProps<T extends string> {
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  /** Name; left out where a `<label>` points at `id`. */
  label?: string;
  id?: string;
  testId?: string;
  /** Text before the value inside the button. */
  prefix?: ReactNode;
  quiet?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A choice of a few fixed values. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { value, choices, onChange, label, id, testId, prefix, quiet } = props;
  return (
    <Base.Root
      items={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      open={props.open}
      onOpenChange={props.onOpenChange}
      modal={false}
    >
      <Base.Trigger
        id={id}
        data-testid={testId}
        data-value={value}
        aria-label={label}
        className={cx(styles.trigger, quiet && styles.quiet)}
      >
        {prefix ? <span className={styles.prefix}>{prefix}</span> : null}
        <Base.Value className={styles.value} />
        <ChevronDown size={14} className={styles.chevron} aria-hidden="true" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          sideOffset={4}
          align="start"
          alignItemWithTrigger={false}
          className={styles.positioner}
        >
          <Base.Popup className={styles.popup}>
            {choices.map((choice) => (
              <Base.Item
                key={choice.value}
                value={choice.value}
                disabled={choice.disabled}
                className={styles.item}
              >
                <Base.ItemIndicator className={styles.check} keepMounted>
                  <Check size={14} />
                </Base.ItemIndicator>
                <span className={styles.texts}>
                  <Base.ItemText>{choice.label}</Base.ItemText>
                  {choice.note ? <span className={styles.note}>{choice.note}</span> : null}
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
