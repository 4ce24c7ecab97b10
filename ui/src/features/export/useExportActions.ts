import type { Subject } from "@/features/triage/subject";
import type { BundleView, IssueOrder } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useExport } from "./useExport";

interface ExportCommands {
  /** What would be exported. */
  subject: Subject | null;
  /** The list is still being read, so that nobody could say how much all of it is. */
  counting: boolean;
  sort: IssueOrder;
  /** How the list looks; null where there is none. */
  view: BundleView | null;
  open: () => void;
}

/** Exporting by key. */
export function useExportActions({ subject, counting, sort, view, open }: ExportCommands): Action[] {
  const { again } = useExport();
  const nothing = counting ? "the list is still being read" : "there is nothing to export";
  const unavailable = subject === null || subject.count === 0 ? nothing : null;
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
