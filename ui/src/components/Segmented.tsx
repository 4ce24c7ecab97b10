import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import styles from "./Segmented.module.css";

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** Two to five choices that fit side by side. */
export function Segmented<T extends string>({ label, value, choices, onChange }: SegmentedProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      className={styles.group}
      value={value}
      onValueChange={(next) => onChange(next as T)}
    >
      {choices.map((choice) => (
        <Radio.Root
          key={choice.value}
          value={choice.value}
          className={styles.choice}
          aria-label={choice.label}
        >
          <span>{choice.label}</span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
