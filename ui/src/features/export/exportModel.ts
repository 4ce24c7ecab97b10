import type { ExportFormat, ExportOptions, IssueSort } from "@/ipc";
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
] as const;

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

/** A column and whether it is written. */
export interface ColumnChoice {
  name: string;
  on: boolean;
}

/** What is remembered from one export to the next. */
export interface ExportForm {
  format: ExportFormat;
  /** In the order they are written. */
  columns: readonly ColumnChoice[];
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

export const EXPORT_DEFAULTS: ExportForm = {
  format: "csv",
  columns: COLUMNS.map((name) => ({ name, on: USUAL.has(name) })),
  header: true,
  bom: false,
  separator: ",",
  formulaGuard: true,
};

const TAG = /^tags\[[^\]]+\]$/;
const isColumn = (name: unknown): name is string =>
  typeof name === "string" && (TAG.test(name) || COLUMNS.some((known) => known === name));

/** A remembered form, as far as this version knows it; columns that came since are off. */
export function acceptForm(value: unknown): ExportForm | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Partial<ExportForm>;
  const flag = (given: unknown, fallback: boolean) => (typeof given === "boolean" ? given : fallback);
  const known = (Array.isArray(stored.columns) ? stored.columns : []).flatMap(
    (column: Partial<ColumnChoice>) =>
      isColumn(column?.name) ? [{ name: column.name, on: column.on === true }] : [],
  );
  const columns = [...new Map(known.map((column) => [column.name, column])).values()];
  const missing = COLUMNS.filter((name) => !columns.some((column) => column.name === name));
  return {
    format: FORMATS.find(({ value: format }) => format === stored.format)?.value ?? EXPORT_DEFAULTS.format,
    columns:
      columns.length === 0
        ? EXPORT_DEFAULTS.columns
        : [...columns, ...missing.map((name) => ({ name, on: false }))],
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
export function toOptions(form: ExportForm, sort: IssueSort): ExportOptions {
  return {
    format: form.format,
    columns: form.columns.filter(({ on }) => on).map(({ name }) => name),
    header: form.header,
    bom: form.bom,
    separator: form.separator,
    formula_guard: form.formulaGuard,
    sort,
  };
}

/** The columns with one of them a step further up or down. */
export function moveColumn(
  columns: readonly ColumnChoice[],
  name: string,
  step: 1 | -1,
): readonly ColumnChoice[] {
  const at = columns.findIndex((column) => column.name === name);
  const to = at + step;
  if (at === -1 || to < 0 || to >= columns.length) return columns;
  const next = [...columns];
  const [moved] = next.splice(at, 1);
  if (moved) next.splice(to, 0, moved);
  return next;
}

/** The columns with one for a tag, which is on. */
export function addTag(columns: readonly ColumnChoice[], tag: string): readonly ColumnChoice[] {
  const name = `tags[${tag.trim()}]`;
  if (!TAG.test(name)) return columns;
  return [...columns.filter((column) => column.name !== name), { name, on: true }];
}
