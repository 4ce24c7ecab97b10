import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { testIds } from "@/lib/testIds";
import styles from "./ViewNameDialog.module.css";

interface ViewNameDialogProps {
  title: string;
  name: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the name of a view. */
export function ViewNameDialog({ title, name: before, onSave, onClose }: ViewNameDialogProps) {
  const id = useId();
  const [name, setName] = useState(before);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    setError(null);
    onSave(name.trim()).then(onClose, setError);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} disabled={name.trim() === ""}>
            Save
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={submit}>
        {error ? <ErrorNotice error={error} /> : null}
        <label>
          Name
          <input
            data-autofocus=""
            data-testid={testIds.viewName}
            className={styles.input}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      </form>
    </Dialog>
  );
}
