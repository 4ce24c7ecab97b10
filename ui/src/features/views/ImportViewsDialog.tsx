import { useState } from "react";
import { ErrorNotice } from "@/components/ErrorNotice";
import { PasteDialog } from "@/components/PasteDialog";
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
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const { views, problems } = readViews(text);
  const submit = () => {
    if (views.length === 0) return;
    setError(null);
    onImport(views).then(onClose, setError);
  };
  return (
    <PasteDialog
      title="Import views"
      label="Views as text or as links, one a line"
      testId={testIds.viewImport}
      rows={8}
      text={text}
      onText={setText}
      submit={views.length === 0 ? "Import" : `Import ${plural(views.length, "view")}`}
      isReady={views.length > 0}
      onSubmit={submit}
      onClose={onClose}
      error={error ? <ErrorNotice error={error} /> : null}
      told="status"
    >
      {problems.slice(0, NAMED).map(({ line, what }) => (
        <p key={line} className={styles.problem}>
          Line {line} {what}, and is left out.
        </p>
      ))}
      {problems.length > NAMED ? (
        <p className={styles.problem}>… and {plural(problems.length - NAMED, "more line", "more lines")}.</p>
      ) : null}
    </PasteDialog>
  );
}
