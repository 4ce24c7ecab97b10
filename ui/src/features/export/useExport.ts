import { useServices } from "@/app/services";
import { type BundleView, type ExportOptions, type ExportReport, HostError } from "@/ipc";
import { formatBytes, formatTook, plural } from "@/lib/format";
import type { Exportable } from "./exportable";
import { MOST_MARKDOWN_ROWS, zoneOf } from "./exportModel";
import { numbered, readLast, rememberLast } from "./lastExport";

/** Names that are tried for a file whose own is taken. */
const MOST_NAMES = 1_000;

const isTaken = (error: unknown) => error instanceof HostError && error.code === "file_exists";

/** Where an export goes. */
export interface ExportTarget {
  path: string;
  /** A file that is there may be replaced. */
  overwrite: boolean;
  /** The name that the user gave, for doing it again; `null` for the suggested one. */
  named: string | null;
}

/** How an export ended, in words. */
export function exportWords(report: ExportReport): string {
  return `${plural(report.rows, "row")}, ${formatBytes(report.bytes)}, in ${formatTook(report.took_ms)}`;
}

/** Carries exports out; they go on while another screen is open. */
export function useExport() {
  const { host, toasts, work } = useServices();

  /** `onBegin` is told the key of the work, for showing how far it is. */
  const write = async (
    of: Exportable,
    options: ExportOptions,
    { path, overwrite, named }: ExportTarget,
    onBegin?: (key: number) => void,
  ): Promise<ExportReport> => {
    const handle = work.begin(`Export ${of.name}`, of.count ?? 0);
    onBegin?.(handle.key);
    try {
      const report = await host.exportRun(of.source, options, path, overwrite, handle.progress);
      if (!report.cancelled) {
        const { sort: _sort, view: _view, zone: _zone, ...kept } = options;
        rememberLast(of.source.kind, { options: kept, path: named });
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

  /** As {@link tell}, where it failed. `retry` begins it again; `replace`, where it may, with the file replaced. */
  const tellFailure = (error: unknown, retry: () => void, replace?: () => void): void => {
    const next = isTaken(error) && replace ? { label: "Replace the file", run: replace } : null;
    // Room can be made on a full disk: whatever has failed, the same export can be begun again.
    toasts.failed(
      "The export could not be written",
      error,
      undefined,
      next ?? { label: "Try again", run: retry },
    );
  };

  /** Writes without a dialog, and says how it ended. */
  const writeAside = async (of: Exportable, options: ExportOptions, target: ExportTarget): Promise<void> => {
    try {
      tell(await write(of, options, target));
    } catch (error) {
      tellFailure(
        error,
        () => void writeAside(of, options, target),
        () => void writeAside(of, options, { ...target, overwrite: true }),
      );
    }
  };

  /** Writes into the named file, or where it is taken into the first free one beside it. */
  const writeBeside = async (of: Exportable, options: ExportOptions, path: string): Promise<ExportReport> => {
    for (let n = 1; ; n += 1) {
      try {
        // A name that is taken is refused before there are rows for it, so that trying costs little.
        const target = { path: numbered(path, n), overwrite: false, named: path };
        return await write(of, options, target);
      } catch (error) {
        if (!isTaken(error) || n === MOST_NAMES) throw error;
      }
    }
  };

  /** The same as the last time, without a question and without replacing a file: a taken name gets a number. */
  const again = async (
    of: Exportable,
    { sort, view }: Pick<ExportOptions, "sort"> & { view: BundleView | null },
    openDialog: () => void,
  ): Promise<void> => {
    const last = readLast(of.source.kind);
    if (!last) {
      openDialog();
      return;
    }
    const options = {
      ...last.options,
      zone: zoneOf(last.options.times),
      sort,
      view: last.options.what === "bundle" ? view : null,
    };
    try {
      if (options.what !== "bundle" && options.format === "markdown") {
        const { rows } = await host.exportPreview(of.source, options);
        // The dialog says that it is too long, and what takes all of it.
        if (rows > MOST_MARKDOWN_ROWS) return openDialog();
      }
      if (last.path !== null) {
        tell(await writeBeside(of, options, last.path));
        return;
      }
      // The suggested name holds the day, which may be another one now.
      const { suggested_name } = await host.exportPreview(of.source, options);
      const path = await host.suggestedSavePath(suggested_name);
      tell(await write(of, options, { path, overwrite: false, named: null }));
    } catch (error) {
      tellFailure(error, () => void again(of, { sort, view }, openDialog));
    }
  };

  return { write, again, tell, tellFailure, writeAside };
}
