import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import type { KeyChoices } from "@/keyboard/keymap";
import { readKeymap } from "@/keyboard/keymapText";
import { testIds } from "@/lib/testIds";
import styles from "./KeyboardSettings.module.css";

/** Problems that are shown at a time. */
const SHOWN = 5;

interface ImportKeysDialogProps {
  onImport: (choices: KeyChoices) => void;
  onClose: () => void;
}

/** Takes keys from a text that was copied from another Picket: all of them, or none where something is wrong. */
export function ImportKeysDialog({ onImport, onClose }: ImportKeysDialogProps) {
  const id = useId();
  const [text, setText] = useState("");
  const [problems, setProblems] = useState<readonly string[]>([]);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const read = readKeymap(text);
    if (read.problems !== null) setProblems(read.problems);
    else {
      onImport(read.choices);
      onClose();
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Import keys"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} disabled={text.trim() === ""}>
            Import
          </Button>
        </>
      }
    >
      <form id={id} className={styles.import} onSubmit={submit}>
        <label>
          Keys as text. They take the place of the preset and of your own keys.
          <textarea
            data-autofocus=""
            data-testid={testIds.keyImport}
            className={styles.text}
            rows={10}
            spellCheck={false}
            aria-invalid={problems.length > 0 || undefined}
            aria-describedby={`${id}-problems`}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblems([]);
            }}
          />
        </label>
        <div id={`${id}-problems`} role="alert">
          {problems.length > 0 ? (
            <p className={styles.conflict}>Nothing was changed. Correct this and try again:</p>
          ) : null}
          {problems.slice(0, SHOWN).map((problem) => (
            <p key={problem} className={styles.conflict}>
              {problem}
            </p>
          ))}
          {problems.length > SHOWN ? (
            <p className={styles.conflict}>… and {problems.length - SHOWN} more.</p>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}
