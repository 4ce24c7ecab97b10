import { useState } from "react";
import { PasteDialog } from "@/components/PasteDialog";
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
  const [text, setText] = useState("");
  const [problems, setProblems] = useState<readonly string[]>([]);
  const submit = () => {
    const read = readKeymap(text);
    if (read.problems !== null) setProblems(read.problems);
    else {
      onImport(read.choices);
      onClose();
    }
  };
  return (
    <PasteDialog
      title="Import keys"
      label="Keys as text. They take the place of the preset and of your own keys."
      testId={testIds.keyImport}
      rows={10}
      text={text}
      onText={(next) => {
        setText(next);
        setProblems([]);
      }}
      isInvalid={problems.length > 0}
      submit="Import"
      isReady={text.trim() !== ""}
      onSubmit={submit}
      onClose={onClose}
      told="alert"
    >
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
    </PasteDialog>
  );
}
