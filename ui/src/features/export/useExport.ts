import { useServices } from "@/app/services";
import { type BundleView, type ExportOptions, type ExportReport, HostError, type Selection } from "@/ipc";
import { formatBytes, formatTook, plural } from "@/lib/format";
import { createValueStore } from "@/lib/valueStore";

/** What was exported last, for doing it again. */
interface LastExport {
  options: Omit<ExportOptions, "sort" | "view">;
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
        const { sort: _sort, view: _view, ...kept } = options;
        last.set({ options: kept, path });
      }
      return report;
    } finally {
      handle.end();
    }
  };

  /** Says by a message how an export ended that nobody looks at any more. */
  const tell = (report: ExportReport): void => {
    if (report.cancelled) toasts.note("The export was stopped; nothing was written");
    else toasts.done(`Wrote ${report.path}`, { detail: exportWords(report) });
  };

  /** As {@link tell}, where it failed. `retry` begins it again, and may replace the file. */
  const tellFailure = (error: unknown, retry: (replace: boolean) => void): void => {
    const exists = error instanceof HostError && error.code === "file_exists";
    // Room can be made on a full disk: whatever has failed, the same export can be begun again.
    toasts.failed("The export could not be written", error, undefined, {
      label: exists ? "Replace the file" : "Try again",
      run: () => retry(exists),
    });
  };

  /** Writes without a dialog, and says how it ended. */
  const writeAside = async (
    selection: Selection,
    options: ExportOptions,
    path: string,
    count: number,
    replace: boolean,
  ): Promise<void> => {
    try {
      tell(await write(selection, options, path, replace, count));
    } catch (error) {
      tellFailure(error, (also) => void writeAside(selection, options, path, count, replace || also));
    }
  };

  /** The same as the last time, without a question; a file that is there already is not replaced unasked. */
  const again = (
    selection: Selection,
    { sort, view }: Pick<ExportOptions, "sort"> & { view: BundleView | null },
    count: number,
    openDialog: () => void,
  ): void => {
    const known = last.get();
    if (known)
      void writeAside(
        selection,
        { ...known.options, sort, view: known.options.what === "bundle" ? view : null },
        known.path,
        count,
        false,
      );
    else openDialog();
  };

  return { write, again, tell, tellFailure, writeAside };
}
