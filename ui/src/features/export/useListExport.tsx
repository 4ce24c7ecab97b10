import { type ReactNode, useState } from "react";
import { DEFAULT_ORDER } from "@/app/order";
import type { ExportSource } from "@/ipc";
import type { Action } from "@/keyboard/keyboard";
import { ExportDialog } from "./ExportDialog";
import styles from "./ExportDialog.module.css";
import type { Exportable } from "./exportable";
import { useExportActions } from "./useExportActions";

/** A list that is none of issues. */
export interface ListToExport {
  source: Exclude<ExportSource, { kind: "issues" }>;
  /** `entries of the journal`. */
  name: string;
  /** Which of them, as a sentence without its end. */
  words: string;
}

/** Exporting the list of a screen: its keys, and the dialog while it is open. `why`: there is nothing in it. */
export function useListExport(
  { source, name, words }: ListToExport,
  why: string | null,
): { actions: Action[]; dialog: ReactNode } {
  const [exporting, setExporting] = useState(false);
  const of: Exportable = { source, count: null, name };
  const actions = useExportActions({
    of: why === null ? of : null,
    why: why ?? "",
    sort: DEFAULT_ORDER,
    view: null,
    open: () => setExporting(true),
  });
  const dialog = exporting ? (
    <ExportDialog
      of={of}
      what={source.kind}
      sort={DEFAULT_ORDER}
      view={null}
      list={source.kind}
      head={() => <p className={styles.what}>{words}</p>}
      onClose={() => setExporting(false)}
    />
  ) : null;
  return { actions, dialog };
}
