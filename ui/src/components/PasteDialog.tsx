import { type ReactNode, useId } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import styles from "./PasteDialog.module.css";

interface PasteDialogProps {
  title: string;
  /** What belongs into the field. */
  label: string;
  testId: string;
  /** Lines of the field. */
  rows: number;
  text: string;
  onText: (text: string) => void;
  /** Nothing of the text can be taken. */
  isInvalid?: boolean;
  /** What the button says that takes it. */
  submit: string;
  isReady: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** Above the field: what went wrong at the last try. */
  error?: ReactNode;
  /** Below the field: what is wrong with the text. */
  children: ReactNode;
  /** How urgently that is told. */
  told: "alert" | "status";
}

/** Takes a text that was copied from another Picket. */
export function PasteDialog(props: PasteDialogProps) {
  const { title, label, testId, rows, text, onText, isInvalid, submit, isReady, onSubmit, onClose } = props;
  const id = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} disabled={!isReady}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {props.error}
        <label>
          {label}
          <textarea
            data-autofocus=""
            data-testid={testId}
            className={styles.text}
            rows={rows}
            spellCheck={false}
            aria-invalid={isInvalid || undefined}
            aria-describedby={`${id}-problems`}
            value={text}
            onChange={(event) => onText(event.target.value)}
          />
        </label>
        <div id={`${id}-problems`} role={props.told}>
          {props.children}
        </div>
      </form>
    </Dialog>
  );
}
