import { useState } from "react";
import { Button } from "@/components/Button";
import { Field } from "./Field";
import styles from "./PasswordField.module.css";

interface PasswordFieldProps {
  /** Reference to the stored password; empty when there is none. */
  reference: string;
  /** Null leaves the stored password, an empty text removes it. */
  value: string | null;
  onChange: (value: string | null) => void;
}

/** The password. A stored one is never shown; it can be kept, replaced or removed. */
export function PasswordField({ reference, value, onChange }: PasswordFieldProps) {
  const [replacing, setReplacing] = useState(false);
  const stored = reference !== "" && value !== "" && !replacing;
  if (stored) {
    return (
      <Field label="Password" field="password" hint={`Kept as ${reference}; Picket never shows it.`}>
        {(control) => (
          <div className={styles.stored} id={control.id} data-testid={control["data-testid"]}>
            <span>stored</span>
            <Button onClick={() => setReplacing(true)}>Replace</Button>
            <Button onClick={() => onChange("")}>Remove</Button>
          </div>
        )}
      </Field>
    );
  }
  const removed = reference !== "" && value === "" && !replacing;
  return (
    <Field
      label="Password"
      field="password"
      hint={
        removed
          ? "The stored password is removed when you save."
          : "Goes to the keyring of the system, never into a file."
      }
    >
      {(control) => (
        <div className={styles.entry}>
          <input
            {...control}
            type="password"
            autoComplete="off"
            value={value ?? ""}
            onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
          />
          {reference !== "" ? (
            <Button
              onClick={() => {
                setReplacing(false);
                onChange(null);
              }}
            >
              Keep the stored one
            </Button>
          ) : null}
        </div>
      )}
    </Field>
  );
}
