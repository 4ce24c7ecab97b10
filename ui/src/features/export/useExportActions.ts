import type { Subject } from "@/features/triage/subject";
import type { BundleView, IssueOrder } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useExport } from "./useExport";

interface ExportCommands {
  /** What would be exported. */
  subject: Subject | null;
  /** Why there is nothing to export, where that is so. */
  why: string;
  sort: IssueOrder;
  /** How the list looks; null where there is none. */
  view: BundleView | null;
  open: () => void;
}

/** Exporting by key. */
export function useExportActions({ subject, why, sort, view, open }: ExportCommands): Action[] {
  const { again } = useExport();
  const unavailable = subject === null || subject.count === 0 ? why : null;
  return [
    {
      ...fromCatalogue("export.open"),
      unavailable,
      run: open,
    },
    {
      ...fromCatalogue("export.again"),
      unavailable,
      run: () => {
        if (subject) void again(subject.selection, { sort, view }, subject.count, open);
      },
    },
  ];
}
