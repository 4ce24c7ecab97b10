import type { ColumnChoice } from "@/components/ColumnList";
import type { BundleView, ExportFormat, ExportOptions, ExportRedaction, ExportWhat, IssueOrder } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";

const KEY = "picket.export";

/** Columns of the issue list, in the order they are offered. Tags are columns, too: `tags[NAME]`. */
export const COLUMNS = [
  "id",
  "shortId",
  "project",
  "title",
  "culprit",
  "level",
  "status",
  "substatus",
  "priority",
  "issueType",
  "issueCategory",
  "assignee",
  "count",
  "userCount",
  "firstSeen",
  "lastSeen",
  "firstRelease",
  "isUnhandled",
  "labels",
  "note",
] as const;

/** Columns of their occurrences. */
export const OCCURRENCE_COLUMNS = [
  "id",
  "occurrence",
  "issue",
  "issueId",
  "project",
  "time",
  "level",
  "title",
  "message",
  "culprit",
  "environment",
  "release",
  "user",
  "tags",
] as const;

/** What has columns to choose. */
export type Tabular = Exclude<ExportWhat, "bundle">;

const OFFERED: Record<Tabular, readonly string[]> = { issues: COLUMNS, occurrences: OCCURRENCE_COLUMNS };

/** What of the issues can be written. */
export const WHATS: readonly { value: ExportWhat; label: string }[] = [
  { value: "issues", label: "Issues" },
  { value: "occurrences", label: "Occurrences" },
  { value: "bundle", label: "Bundle" },
];

export const FORMATS: readonly { value: ExportFormat; label: string }[] = [
  { value: "csv", label: "CSV" },
  { value: "json", label: "JSON" },
  { value: "ndjson", label: "NDJSON" },
  { value: "markdown", label: "Markdown" },
];

/** Separators that are offered. */
export const SEPARATORS: readonly { value: string; label: string }[] = [
  { value: ",", label: "comma" },
  { value: ";", label: "semicolon" },
  { value: "\t", label: "tab" },
];

/** What is remembered from one export to the next. */
export interface ExportForm {
  format: ExportFormat;
  /** In the order they are written, for each kind of rows. */
  columns: Record<Tabular, readonly ColumnChoice[]>;
  /** What is taken out. */
  redact: ExportRedaction;
  header: boolean;
  bom: boolean;
  separator: string;
  formulaGuard: boolean;
}

const USUAL = new Set<string>([
  "shortId",
  "project",
  "title",
  "culprit",
  "level",
  "status",
  "count",
  "userCount",
  "firstSeen",
  "lastSeen",
]);
const USUAL_OF_OCCURRENCES = new Set<string>([
  "id",
  "issue",
  "time",
  "level",
  "message",
  "environment",
  "release",
  "user",
]);

export const EXPORT_DEFAULTS: ExportForm = {
  format: "csv",
  columns: {
    issues: COLUMNS.map((name) => ({ name, on: USUAL.has(name) })),
    occurrences: OCCURRENCE_COLUMNS.map((name) => ({ name, on: USUAL_OF_OCCURRENCES.has(name) })),
  },
  redact: { secrets: true, emails: true, addresses: false, pattern: "" },
  header: true,
  bom: false,
  separator: ",",
  formulaGuard: true,
};

const TAG = /^tags\[[^\]]+\]$/;

/** Remembered columns, as far as this version knows them; those that came since are off. */
function acceptColumns(value: unknown, what: Tabular): readonly ColumnChoice[] {
  const offered = OFFERED[what];
  const isColumn = (name: unknown): name is string =>
    typeof name === "string" && (TAG.test(name) || offered.includes(name));
  const known = (Array.isArray(value) ? value : []).flatMap((column: Partial<ColumnChoice>) =>
    isColumn(column?.name) ? [{ name: column.name, on: column.on === true }] : [],
  );
  const columns = [...new Map(known.map((column) => [column.name, column])).values()];
  if (columns.length === 0) return EXPORT_DEFAULTS.columns[what];
  const missing = offered.filter((name) => !columns.some((column) => column.name === name));
  return [...columns, ...missing.map((name) => ({ name, on: false }))];
}

const flag = (given: unknown, fallback: boolean) => (typeof given === "boolean" ? given : fallback);

function acceptRedaction(value: Partial<ExportRedaction> | undefined): ExportRedaction {
  const usual = EXPORT_DEFAULTS.redact;
  return {
    secrets: flag(value?.secrets, usual.secrets),
    emails: flag(value?.emails, usual.emails),
    addresses: flag(value?.addresses, usual.addresses),
    pattern: typeof value?.pattern === "string" ? value.pattern : usual.pattern,
  };
}

/** A remembered form, as far as this version knows it. */
export function acceptForm(value: unknown): ExportForm | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Partial<ExportForm>;
  // Before occurrences could be exported, the columns were those of issues alone.
  const columns: Partial<ExportForm["columns"]> = Array.isArray(stored.columns)
    ? { issues: stored.columns }
    : (stored.columns ?? {});
  return {
    format: FORMATS.find(({ value: format }) => format === stored.format)?.value ?? EXPORT_DEFAULTS.format,
    columns: {
      issues: acceptColumns(columns.issues, "issues"),
      occurrences: acceptColumns(columns.occurrences, "occurrences"),
    },
    redact: acceptRedaction(stored.redact),
    header: flag(stored.header, EXPORT_DEFAULTS.header),
    bom: flag(stored.bom, EXPORT_DEFAULTS.bom),
    separator:
      SEPARATORS.find(({ value: one }) => one === stored.separator)?.value ?? EXPORT_DEFAULTS.separator,
    formulaGuard: flag(stored.formulaGuard, EXPORT_DEFAULTS.formulaGuard),
  };
}

/** The form as it was left. */
export const readForm = (): ExportForm => readStored(KEY, acceptForm) ?? EXPORT_DEFAULTS;

export const rememberForm = (form: ExportForm): void => writeStored(KEY, form);

/** What the store is told. */
export function toOptions(
  form: ExportForm,
  what: ExportWhat,
  sort: IssueOrder,
  view: BundleView | null,
): ExportOptions {
  const columns = what === "bundle" ? [] : form.columns[what];
  return {
    what,
    format: form.format,
    columns: columns.filter(({ on }) => on).map(({ name }) => name),
    header: form.header,
    bom: form.bom,
    separator: form.separator,
    formula_guard: form.formulaGuard,
    sort,
    redact: form.redact,
    view: what === "bundle" ? view : null,
  };
}

/** The columns with one for a tag, which is on. */
export function addTag(columns: readonly ColumnChoice[], tag: string): readonly ColumnChoice[] {
  const name = `tags[${tag.trim()}]`;
  if (!TAG.test(name)) return columns;
  return [...columns.filter((column) => column.name !== name), { name, on: true }];
}
