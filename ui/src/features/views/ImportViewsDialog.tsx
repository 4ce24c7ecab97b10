import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./ViewNameDialog.module.css";
import { readViews, type ViewParts } from "./viewText";

/** Lines that are no view and are named. */
const NAMED = 5;

interface ImportViewsDialogProps {
  onImport: (views: readonly ViewParts[]) => Promise<void>;
  onClose: () => void;
}

/** Takes views from a text that was copied from another Picket. */
export function ImportViewsDialog({ onImport, onClose }: ImportViewsDialogProps) {
  const id = useId();
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const { views, problems } = readViews(text);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (views.length === 0) return;
    setError(null);
    onImport(views).then(onClose, setError);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Import views"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} disabled={views.length === 0}>
            {views.length === 0 ? "Import" : `Import ${plural(views.length, "view")}`}
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={submit}>
        {error ? <ErrorNotice error={error} /> : null}
        <label>
          Views as text or as links, one a line
          <textarea
            data-autofocus=""
            data-testid={testIds.viewImport}
            className={styles.text}
            rows={8}
            spellCheck={false}
            aria-describedby={`${id}-problems`}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <div id={`${id}-problems`} role="status">
          {problems.slice(0, NAMED).map(({ line, what }) => (
            <p key={line} className={styles.problem}>
              Line {line} {what}, and is left out.
            </p>
          ))}
          {problems.length > NAMED ? (
            <p className={styles.problem}>
              … and {plural(problems.length - NAMED, "more line", "more lines")}.
            </p>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}
