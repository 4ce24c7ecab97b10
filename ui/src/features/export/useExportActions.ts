import type { Subject } from "@/features/triage/subject";
import type { BundleView, IssueOrder } from "@/ipc";
import type { Action } from "@/keyboard/keyboard";
import { useExport } from "./useExport";

interface ExportCommands {
  /** What would be exported. */
  subject: Subject | null;
  sort: IssueOrder;
  /** How the list looks; null where there is none. */
  view: BundleView | null;
  open: () => void;
}

/** Exporting by key. */
export function useExportActions({ subject, sort, view, open }: ExportCommands): Action[] {
  const { again } = useExport();
  const unavailable = subject === null || subject.count === 0 ? "there is nothing to export" : null;
  return [
    {
      id: "export.open",
      title: "Export…",
      section: "List",
      keys: ["$mod+e"],
      unavailable,
      run: open,
    },
    {
      id: "export.again",
      title: "Export again as the last time",
      section: "List",
      keys: ["$mod+Shift+e"],
      unavailable,
      run: () => {
        if (subject) void again(subject.selection, { sort, view }, subject.count, open);
      },
    },
  ];
}
