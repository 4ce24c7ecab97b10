import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { KeyCaps } from "@/keyboard/KeyCaps";
import { testIds } from "@/lib/testIds";
import styles from "./NoteDialog.module.css";
import type { Triage } from "./useTriage";

/** Most bytes of a note. */
const LONGEST = 8 * 1024;

/** Writes a note about issues. */
export function NoteDialog({ triage }: { triage: Triage }) {
  const chooser = triage.chooser?.kind === "note" ? triage.chooser : null;
  const formId = useId();
  return (
    <Dialog
      open={chooser !== null}
      onClose={triage.close}
      title={`Note on ${chooser?.subject.name ?? "the issue"}`}
      footer={
        <>
          <Button onClick={triage.close}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} data-testid={testIds.noteApply}>
            Write <KeyCaps keys="$mod+Enter" />
          </Button>
        </>
      }
    >
      {chooser ? <NoteForm formId={formId} triage={triage} /> : null}
    </Dialog>
  );
}

/** Why a text can be no note; null where it can. */
export function noteProblem(text: string): string | null {
  if (text.trim() === "") return "Write something first.";
  const bytes = new TextEncoder().encode(text.trim()).length;
  return bytes > LONGEST ? "This is too long: a note has up to 8 KB. Write a shorter one." : null;
}

function NoteForm({ formId, triage }: { formId: string; triage: Triage }) {
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problem = noteProblem(text);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== null) return;
    setError(null);
    triage.apply({ kind: "note", text }).then(triage.close, setError);
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <form id={formId} className={styles.form} onSubmit={submit} noValidate>
      {error ? <ErrorNotice error={error} /> : null}
      <textarea
        data-autofocus=""
        data-testid={testIds.noteInput}
        className={styles.text}
        rows={6}
        aria-label="Note"
        aria-invalid={(tried && problem !== null) || undefined}
        aria-describedby={`${formId}-problem`}
        placeholder="Plain text. It is shown in the activity of the issue."
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p id={`${formId}-problem`} className={styles.problem} role="status">
        {tried ? problem : null}
      </p>
    </form>
  );
}
