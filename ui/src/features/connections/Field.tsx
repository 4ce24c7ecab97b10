import { type ReactNode, useId } from "react";
import { testIds } from "@/lib/testIds";
import styles from "./Field.module.css";

/** What a control needs to be named, described and found. */
export interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
  "data-testid": string;
}

interface FieldProps {
  label: string;
  /** Field of the profile; part of the test hook. */
  field: string;
  hint?: ReactNode;
  problem?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint or with what is wrong with it. */
export function Field({ label, field, hint, problem, children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.control}>
        {children({
          id,
          "aria-describedby": problem || hint ? note : undefined,
          "aria-invalid": problem ? true : undefined,
          "data-testid": testIds.connectionField(field),
        })}
        {problem || hint ? (
          <p id={note} className={problem ? styles.problem : styles.hint}>
            {problem ?? hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}
