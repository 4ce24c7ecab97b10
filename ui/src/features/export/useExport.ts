import { useServices } from "@/app/services";
import type { ExportOptions, ExportReport, Selection } from "@/ipc";
import { formatBytes, formatTook, plural } from "@/lib/format";
import { createValueStore } from "@/lib/valueStore";

/** What was exported last, for doing it again. */
interface LastExport {
  options: Omit<ExportOptions, "sort">;
  path: string;
}

const last = createValueStore<LastExport | null>(null);

/** How an export ended, in words. */
export function exportWords(report: ExportReport): string {
  return `${plural(report.rows, "row")}, ${formatBytes(report.bytes)}, in ${formatTook(report.took_ms)}`;
}

/** Carries exports out; they go on while another screen is open. */
export function useExport() {
  const { host, toasts, work } = useServices();

  const write = async (
    selection: Selection,
    options: ExportOptions,
    path: string,
    overwrite: boolean,
    count: number,
  ): Promise<ExportReport> => {
    const handle = work.begin(`Export ${plural(count, "issue")}`, count);
    try {
      const report = await host.exportRun(selection, options, path, overwrite, handle.progress);
      if (!report.cancelled) {
        const { sort: _, ...kept } = options;
        last.set({ options: kept, path });
      }
      return report;
    } finally {
      handle.end();
    }
  };

  /** The same as the last time, without a question; a file that is there already is not replaced unasked. */
  const again = async (
    selection: Selection,
    sort: ExportOptions["sort"],
    count: number,
    openDialog: () => void,
    replace = false,
  ): Promise<void> => {
    const known = last.get();
    if (!known) {
      openDialog();
      return;
    }
    const options = { ...known.options, sort };
    const retry = (overwrite: boolean) => () => void again(selection, sort, count, openDialog, overwrite);
    try {
      const report = await write(selection, options, known.path, replace, count);
      if (report.cancelled) toasts.note("The export was stopped; nothing was written");
      else toasts.done(`Wrote ${known.path}`, { detail: exportWords(report) });
    } catch (error) {
      toasts.failed("The export could not be written", error, retry(replace), {
        label: "Replace the file",
        codes: ["file_exists"],
        run: retry(true),
      });
    }
  };

  return { write, again };
}
