import type { BundleView, IssueOrder } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import type { Exportable } from "./exportable";
import { useExport } from "./useExport";

interface ExportCommands {
  /** What would be exported. */
  of: Exportable | null;
  /** Why there is nothing to export, where that is so. */
  why: string;
  sort: IssueOrder;
  /** How the list looks; null where there is none. */
  view: BundleView | null;
  open: () => void;
}

/** Exporting by key. */
export function useExportActions({ of, why, sort, view, open }: ExportCommands): Action[] {
  const { again } = useExport();
  const unavailable = of === null || of.count === 0 ? why : null;
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
        if (of) void again(of, { sort, view }, open);
      },
    },
  ];
}
