import { type ReactNode, useState } from "react";
import type { Subject } from "@/features/triage/subject";
import type { Action } from "@/keyboard/keyboard";
import { issuesOf } from "./exportable";
import { IssueExportDialog } from "./IssueExportDialog";
import { useExportActions } from "./useExportActions";

/** Exporting the one issue that a screen is about: its keys, and the dialog while it is open. `why`: without an issue. */
export function useIssueExport(
  subject: Subject | undefined,
  why: string,
): { actions: Action[]; dialog: ReactNode } {
  const [exporting, setExporting] = useState(false);
  const actions = useExportActions({
    of: subject ? issuesOf(subject) : null,
    why,
    sort: "last_seen",
    view: null,
    open: () => setExporting(true),
  });
  const dialog =
    exporting && subject ? (
      <IssueExportDialog
        all={subject}
        selected={null}
        sort="last_seen"
        view={null}
        first="bundle"
        onClose={() => setExporting(false)}
      />
    ) : null;
  return { actions, dialog };
}
