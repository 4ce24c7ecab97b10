import { useQuery } from "@tanstack/react-query";
import { ArrowDownToLine, ClipboardCopy, FolderOpen } from "lucide-react";
import { useId, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { CheckBox } from "@/components/CheckBox";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { Segmented } from "@/components/Segmented";
import { Select } from "@/components/Select";
import { WorkLine } from "@/features/bulk/WorkLine";
import type { Subject } from "@/features/triage/subject";
import { type ExportReport, HostError, type IssueSort } from "@/ipc";
import { formatBytes, formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { ColumnChooser } from "./ColumnChooser";
import styles from "./ExportDialog.module.css";
import { type ExportForm, FORMATS, readForm, rememberForm, SEPARATORS, toOptions } from "./exportModel";
import { exportWords, useExport } from "./useExport";

/** Markdown tables longer than this are hard to use. */
const LONG_TABLE = 1_000;

interface ExportDialogProps {
  /** Everything the query matches. */
  all: Subject;
  /** What is selected, if anything is. */
  selected: Subject | null;
  sort: IssueSort;
  onClose: () => void;
}

type Outcome = { kind: "written"; report: ExportReport } | { kind: "copied"; bytes: number };

/** Writes issues to a file or to the clipboard, and shows beforehand what that will be. */
export function ExportDialog({ all, selected, sort, onClose }: ExportDialogProps) {
  const { host, work } = useServices();
  const { write } = useExport();
  const [form, setForm] = useState(readForm);
  const [what, setWhat] = useState<"all" | "selected">(selected ? "selected" : "all");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const formId = useId();
  /** As the user wrote or chose it; null for the suggested one. */
  const [chosenPath, setChosenPath] = useState<string | null>(null);
  /** The file that may be replaced if it is there. */
  const [replaceable, setReplaceable] = useState<string | null>(null);
  const [running] = useValue(work.running);

  const subject = what === "selected" && selected ? selected : all;
  const options = toOptions(form, sort);
  const preview = useQuery({
    queryKey: ["export-preview", subject.selection, options],
    queryFn: () => host.exportPreview(subject.selection, options),
    enabled: options.columns.length > 0,
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const exact = preview.isPlaceholderData ? undefined : preview.data;
  const none = options.columns.length === 0;
  const name = preview.data?.suggested_name;
  const suggestedPath = useQuery({
    queryKey: ["save-path", name, outcome],
    queryFn: () => host.suggestedSavePath(name ?? ""),
    enabled: name !== undefined,
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const change = (part: Partial<ExportForm>) => {
    setOutcome(null);
    setError(null);
    setForm((current) => {
      const next = { ...current, ...part };
      rememberForm(next);
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
  const path = chosenPath ?? suggestedPath.data ?? "";
  const ready = !busy && !none && exact !== undefined && path.trim() !== "";
  const toFile = (mayReplace: boolean) =>
    attempt(async () => ({
      kind: "written",
      report: await write(subject.selection, options, path, mayReplace, subject.count),
    }));
  const choosePath = async () => {
    const chosen = await host.pickSavePath(path);
    if (chosen === null) return;
    setOutcome(null);
    setError(null);
    setChosenPath(chosen);
    // The dialog of the desktop has asked already whether a file may be replaced.
    setReplaceable(chosen);
  };
  const toClipboard = () =>
    attempt(async () => {
      const text = await host.exportText(subject.selection, options);
      await navigator.clipboard.writeText(text);
      return { kind: "copied", bytes: new TextEncoder().encode(text).length };
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
            disabled={busy || none || !exact}
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
            <ArrowDownToLine size={14} aria-hidden="true" /> Export {exact ? formatCount(exact.rows) : ""}
          </Button>
        </>
      }
    >
      <div className={styles.form} data-testid={testIds.exportDialog} data-rows={exact?.rows}>
        <div className={styles.side}>
          {selected ? (
            <Segmented
              label="What"
              value={what}
              choices={[
                { value: "selected", label: `${formatCount(selected.count)} selected` },
                { value: "all", label: `All ${formatCount(all.count)} of this query` },
              ]}
              onChange={(next) => {
                setOutcome(null);
                setWhat(next);
              }}
            />
          ) : (
            <p className={styles.what}>All {plural(all.count, "issue")} of this query</p>
          )}
          <Segmented
            label="Format"
            value={form.format}
            choices={FORMATS}
            onChange={(format) => change({ format })}
          />
          {form.format === "csv" ? <CsvOptions form={form} onChange={change} /> : null}
          <ColumnChooser columns={form.columns} onChange={(columns) => change({ columns })} />
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
          {exact && exact.rows < subject.count ? (
            <p className={styles.note}>
              Only the first {formatCount(exact.rows)} of {formatCount(subject.count)} issues are written.
              Narrow the query to reach the rest.
            </p>
          ) : null}
          {exact && form.format === "markdown" && exact.rows > LONG_TABLE ? (
            <p className={styles.note}>A table of {plural(exact.rows, "row")} is long for Markdown.</p>
          ) : null}
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
                  setOutcome(null);
                  setError(null);
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
          </form>
          {suggestedPath.error && chosenPath === null ? <ErrorNotice error={suggestedPath.error} /> : null}
          {error ? <ErrorNotice error={error} /> : null}
          {error instanceof HostError && error.code === "file_exists" ? (
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

function Result({ outcome }: { outcome: Outcome }) {
  if (outcome.kind === "copied") {
    return (
      <p className={styles.result} role="status" data-testid={testIds.exportResult}>
        Copied {formatBytes(outcome.bytes)} to the clipboard.
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

function CsvOptions({ form, onChange }: { form: ExportForm; onChange: (part: Partial<ExportForm>) => void }) {
  const flags = [
    ["header", "First row names the columns"],
    ["formulaGuard", "Keep spreadsheets from running cells as formulas"],
    ["bom", "Byte order mark, which some spreadsheets need"],
  ] as const;
  return (
    <div className={styles.options}>
      <Select
        label="Separator"
        prefix="Separator"
        value={form.separator}
        choices={SEPARATORS}
        onChange={(separator) => onChange({ separator })}
      />
      {flags.map(([name, words]) => (
        <CheckBox key={name} checked={form[name]} onChange={(on) => onChange({ [name]: on })}>
          {words}
        </CheckBox>
      ))}
    </div>
  );
}
