import { useQuery } from "@tanstack/react-query";
import { ArrowDownToLine, ClipboardCopy, FolderOpen } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { Segmented } from "@/components/Segmented";
import { WorkLine } from "@/features/bulk/WorkLine";
import { type BundleView, type ExportReport, type ExportWhat, HostError, type IssueOrder } from "@/ipc";
import { formatBytes, formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { type Copied, copyExport } from "./copyExport";
import { ExportColumns } from "./ExportColumns";
import styles from "./ExportDialog.module.css";
import { CsvOptions, Redactions, TimeOptions } from "./ExportParts";
import type { Exportable } from "./exportable";
import {
  aboutBytes,
  type ExportForm,
  FORMATS,
  MOST_MARKDOWN_ROWS,
  readForm,
  rememberForm,
  toOptions,
} from "./exportModel";
import { exportWords, useExport } from "./useExport";

/** Markdown tables longer than this are hard to use. */
const LONG_TABLE = 1_000;

interface ExportDialogProps {
  of: Exportable;
  /** What of it. */
  what: ExportWhat;
  sort: IssueOrder;
  /** How the list looks that it is of, for whoever opens a bundle of it. */
  view: BundleView | null;
  /** Id of the list; what was chosen is remembered for each. */
  list: string | null;
  /** What it is, and its choices: `forget` has to be called where another one is made. */
  head: (forget: () => void) => ReactNode;
  onClose: () => void;
}

type Outcome = { kind: "written"; report: ExportReport } | ({ kind: "copied" } & Copied);

/** Writes what is in a list to a file or to the clipboard, and shows beforehand what that will be. */
export function ExportDialog({ of, what, sort, view, list, head, onClose }: ExportDialogProps) {
  const { host, work } = useServices();
  const { write, writeAside, tell, tellFailure } = useExport();
  const [form, setForm] = useState(() => readForm(list));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const formId = useId();
  /** As the user wrote or chose it; null for the suggested one. */
  const [chosenPath, setChosenPath] = useState<string | null>(null);
  /** The file that may be replaced if it is there. */
  const [replaceable, setReplaceable] = useState<string | null>(null);
  /** Key of the export that this dialog began: others may be under way. */
  const [begun, setBegun] = useState<number | null>(null);
  const running = useValue(work.running).find(({ key }) => key === begun);

  // What goes on in the background is told by a message once the dialog is gone.
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);

  const options = toOptions(form, what, sort, view);
  const tabular = what === "bundle" ? null : what;
  const preview = useQuery({
    queryKey: ["export-preview", of.source, options],
    queryFn: () => host.exportPreview(of.source, options),
    enabled: tabular === null || options.columns.length > 0,
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const exact = preview.isPlaceholderData ? undefined : preview.data;
  const about = exact && tabular !== null ? aboutBytes(exact) : null;
  const tooLong =
    exact !== undefined && tabular !== null && form.format === "markdown" && exact.rows > MOST_MARKDOWN_ROWS;
  const none = tabular !== null && options.columns.length === 0;
  const name = preview.data?.suggested_name;
  const suggestedPath = useQuery({
    queryKey: ["save-path", name, outcome],
    queryFn: () => host.suggestedSavePath(name ?? ""),
    enabled: name !== undefined,
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const forget = () => {
    setOutcome(null);
    setError(null);
  };
  const change = (part: Partial<ExportForm>) => {
    forget();
    setForm((current) => {
      const next = { ...current, ...part };
      rememberForm(list, next);
      return next;
    });
  };
  const attempt = async (job: () => Promise<Outcome | null>) => {
    setBusy(true);
    setError(null);
    setOutcome(null);
    try {
      setOutcome(await job());
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const exists = error instanceof HostError && error.code === "file_exists";
  const path = chosenPath ?? suggestedPath.data ?? "";
  const ready = !busy && !none && !tooLong && exact !== undefined && path.trim() !== "";
  const toFile = (mayReplace: boolean) =>
    attempt(async () => {
      const target = { path, overwrite: mayReplace, named: chosenPath };
      try {
        const report = await write(of, options, target, setBegun);
        if (!isOpen.current) tell(report);
        return { kind: "written", report };
      } catch (problem) {
        if (isOpen.current) throw problem;
        tellFailure(
          problem,
          () => void writeAside(of, options, target),
          () => void writeAside(of, options, { ...target, overwrite: true }),
        );
        return null;
      }
    });
  const choosePath = async () => {
    const chosen = await host.pickSavePath(path);
    if (chosen === null) return;
    forget();
    setChosenPath(chosen);
    // The dialog of the desktop has asked already whether a file may be replaced.
    setReplaceable(chosen);
  };
  const toClipboard = () =>
    attempt(async () => {
      const copy = await copyExport(host, of.source, options);
      return { kind: "copied", ...copy };
    });

  return (
    <Dialog
      open
      onClose={onClose}
      title="Export"
      wide
      footer={
        <>
          {busy && running ? (
            <span className={styles.progress}>
              <WorkLine work={running} />
            </span>
          ) : null}
          <Button onClick={onClose}>{busy ? "In background" : "Close"}</Button>
          <Button
            disabled={busy || none || tooLong || !exact}
            data-testid={testIds.exportButton("copy")}
            onClick={() => void toClipboard()}
          >
            <ClipboardCopy size={14} aria-hidden="true" /> Copy
          </Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            disabled={!ready}
            data-testid={testIds.exportButton("write")}
          >
            <ArrowDownToLine size={14} aria-hidden="true" />{" "}
            {error && !exists ? "Try again" : `Export ${exact ? formatCount(exact.rows) : ""}`}
          </Button>
        </>
      }
    >
      <div className={styles.form} data-testid={testIds.exportDialog} data-rows={exact?.rows}>
        <div className={styles.side}>
          {head(forget)}
          {tabular === null ? (
            <p className={styles.hint}>
              Everything there is of {of.name}: activity, every stored occurrence with its record and its
              event. One JSON object a line, for programs and for handing a case on.
            </p>
          ) : (
            <>
              <Segmented
                label="Format"
                value={form.format}
                choices={FORMATS}
                onChange={(format) => change({ format })}
              />
              <div className={styles.options}>
                <TimeOptions form={form} onChange={change} />
              </div>
              {form.format === "csv" ? <CsvOptions form={form} onChange={change} /> : null}
              <ExportColumns
                key={tabular}
                what={tabular}
                columns={form.columns[tabular]}
                onChange={(columns) => change({ columns: { ...form.columns, [tabular]: columns } })}
              />
            </>
          )}
        </div>
        <div className={styles.main}>
          <h3 className={styles.heading}>Preview</h3>
          <ProgressLine busy={preview.isFetching} label="Reading the preview" />
          {none ? (
            <p className={styles.note} role="alert">
              Choose at least one column.
            </p>
          ) : preview.error ? (
            <ErrorNotice error={preview.error} onRetry={() => void preview.refetch()} />
          ) : (
            <pre
              role="region"
              className={styles.preview}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls has to be reachable
              tabIndex={0}
              aria-label="Preview"
              data-testid={testIds.exportPreview}
            >
              {preview.data?.text}
            </pre>
          )}
          {exact && what === "issues" && of.count !== null && exact.rows < of.count ? (
            <p className={styles.note} data-testid={testIds.exportLeftOut}>
              {leftOut(of.count - exact.rows, of.count)}
            </p>
          ) : null}
          {tooLong ? (
            <div className={styles.note} role="status" data-testid={testIds.exportTooLong}>
              A Markdown table takes at most {formatCount(MOST_MARKDOWN_ROWS)} rows, and these are{" "}
              {formatCount(exact.rows)}. CSV and NDJSON take all of them.{" "}
              <Button onClick={() => change({ format: "csv" })}>Use CSV</Button>{" "}
              <Button onClick={() => change({ format: "ndjson" })}>Use NDJSON</Button>
            </div>
          ) : exact && tabular !== null && form.format === "markdown" && exact.rows > LONG_TABLE ? (
            <p className={styles.note}>A table of {plural(exact.rows, "row")} is long for Markdown.</p>
          ) : null}
          <Redactions form={form} onChange={change} />
          <form
            id={formId}
            className={styles.to}
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) void toFile(path === replaceable);
            }}
          >
            <label>
              <span>To</span>
              <input
                data-autofocus=""
                value={path}
                spellCheck={false}
                autoComplete="off"
                data-testid={testIds.exportPath}
                onChange={(event) => {
                  forget();
                  setChosenPath(event.target.value);
                }}
              />
            </label>
            <Button
              disabled={busy}
              data-testid={testIds.exportButton("choose")}
              onClick={() => void choosePath().catch(setError)}
            >
              <FolderOpen size={14} aria-hidden="true" /> Choose…
            </Button>
            {exact && about !== null ? (
              <span className={styles.about} data-testid={testIds.exportSize}>
                {exact.shown === exact.rows ? "" : "about "}
                {formatBytes(about)}
              </span>
            ) : null}
          </form>
          {suggestedPath.error && chosenPath === null ? <ErrorNotice error={suggestedPath.error} /> : null}
          {error ? (
            <ErrorNotice error={error} what={exists ? undefined : "The export could not be made"} />
          ) : null}
          {exists ? (
            <Button
              kind="danger"
              disabled={busy}
              data-testid={testIds.exportButton("replace")}
              onClick={() => void toFile(true)}
            >
              Replace the file
            </Button>
          ) : null}
          {outcome ? <Result outcome={outcome} /> : null}
        </div>
      </div>
    </Dialog>
  );
}

/** Every export has all issues that are meant and still there: fewer than were meant have gone since. */
function leftOut(issues: number, of: number): string {
  const one = issues === 1;
  return `${formatCount(issues)} of ${plural(of, "issue")} ${one ? "is" : "are"} left out: ${one ? "it has" : "they have"} gone, or no longer ${one ? "matches" : "match"} the query.`;
}

function Result({ outcome }: { outcome: Outcome }) {
  if (outcome.kind === "copied") {
    return (
      <p className={styles.result} role="status" data-testid={testIds.exportResult}>
        Copied {formatBytes(outcome.bytes)} to the clipboard
        {outcome.asTable ? ", as text and as a table for whoever takes one" : ""}.
      </p>
    );
  }
  const { report } = outcome;
  return (
    <div className={styles.result} role="status" data-testid={testIds.exportResult}>
      {report.cancelled ? (
        "Stopped. Nothing was written."
      ) : (
        <>
          <p>Wrote {exportWords(report)}:</p>
          <code>{report.path}</code> <CopyButton text={report.path} label="Copy the path" />
        </>
      )}
    </div>
  );
}
