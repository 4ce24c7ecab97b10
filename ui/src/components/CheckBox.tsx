import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./CheckBox.module.css";

interface CheckBoxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Name; left out where the text beside it says enough. */
  label?: string;
  testId?: string;
  /** Text beside it, which can be clicked, too. */
  children?: ReactNode;
}

/** A box to tick, with its text. */
export function CheckBox({ checked, onChange, label, testId, children }: CheckBoxProps) {
  const box = (
    <Base.Root
      className={styles.checkBox}
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      data-testid={testId}
    >
      <Base.Indicator>
        <Check size={12} aria-hidden="true" />
      </Base.Indicator>
    </Base.Root>
  );
  if (!children) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box inside is the control
    <label className={styles.checkLine}>
      {box}
      <span>{children}</span>
    </label>
  );
}
