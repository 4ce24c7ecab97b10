import type { ColumnChoice } from "@/components/ColumnList";
import type {
  BundleView,
  ExportFormat,
  ExportOptions,
  ExportPreview,
  ExportRedaction,
  ExportTimes,
  ExportWhat,
  IssueOrder,
} from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";

const KEY = "picket.export";
const LISTS_KEY = "picket.export.lists";
/** Lists whose forms are kept. */
const MOST_LISTS = 50;

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

/** Columns of the journal. */
export const JOURNAL_COLUMNS = [
  "id",
  "at",
  "actor",
  "action",
  "title",
  "issues",
  "state",
  "undoUntil",
  "undoes",
  "query",
  "tookMs",
  "automatic",
  "examples",
] as const;

/** Columns of jobs. */
export const JOB_COLUMNS = [
  "id",
  "title",
  "state",
  "actor",
  "total",
  "done",
  "skipped",
  "startedAt",
  "endedAt",
  "tookMs",
  "journal",
  "problem",
] as const;

/** What has columns to choose. */
export type Tabular = Exclude<ExportWhat, "bundle">;

/** Choices of columns with a name, by what is written. The usual ones come first. */
export const PRESETS: Record<Tabular, readonly { name: string; columns: readonly string[] }[]> = {
  issues: [
    {
      name: "Usual",
      columns: [
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
      ],
    },
    { name: "Short", columns: ["shortId", "title", "level", "count", "lastSeen"] },
    {
      name: "Who does what",
      columns: [
        "shortId",
        "title",
        "status",
        "substatus",
        "priority",
        "assignee",
        "labels",
        "note",
        "lastSeen",
      ],
    },
    { name: "Everything", columns: COLUMNS },
  ],
  occurrences: [
    {
      name: "Usual",
      columns: ["id", "issue", "time", "level", "message", "environment", "release", "user"],
    },
    { name: "Short", columns: ["issue", "time", "message"] },
    { name: "Everything", columns: OCCURRENCE_COLUMNS },
  ],
  journal: [
    { name: "Usual", columns: ["at", "actor", "title", "issues", "state", "query", "examples"] },
    { name: "Short", columns: ["at", "actor", "title"] },
    { name: "Everything", columns: JOURNAL_COLUMNS },
  ],
  jobs: [
    {
      name: "Usual",
      columns: ["title", "state", "actor", "total", "done", "skipped", "startedAt", "tookMs", "problem"],
    },
    { name: "Short", columns: ["title", "state", "startedAt"] },
    { name: "Everything", columns: JOB_COLUMNS },
  ],
};

const TAG = /^tags\[[^\]]+\]$/;

const OFFERED: Record<Tabular, readonly string[]> = {
  issues: COLUMNS,
  occurrences: OCCURRENCE_COLUMNS,
  journal: JOURNAL_COLUMNS,
  jobs: JOB_COLUMNS,
};

/** Whether rows have tags, which can be columns as well. */
export const hasTags = (what: Tabular): boolean => what === "issues" || what === "occurrences";

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

/** Rows of the largest Markdown table: no page or editor shows a longer one. */
export const MOST_MARKDOWN_ROWS = 10_000;

/** Separators that are offered. */
export const SEPARATORS: readonly { value: string; label: string }[] = [
  { value: ",", label: "comma" },
  { value: ";", label: "semicolon" },
  { value: "\t", label: "tab" },
];

/** How times can be written. */
export const TIMES: readonly { value: ExportTimes; label: string }[] = [
  { value: "utc", label: "ISO 8601 UTC" },
  { value: "local", label: "ISO 8601 local" },
  { value: "unix", label: "Unix milliseconds" },
];

/** The time zone that a choice means: that in which this window shows times; `null` where it means none. */
export const zoneOf = (times: ExportTimes): string | null =>
  times === "local" ? new Intl.DateTimeFormat().resolvedOptions().timeZone : null;

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
  times: ExportTimes;
}

/** The preset that is taken unless another is chosen. */
const USUAL = "Usual";

/** The columns of a preset in its order, each of the others, which are off, behind the one it usually follows. Tags of `before` stay at the end. */
export function presetColumns(
  what: Tabular,
  name: string,
  before: readonly ColumnChoice[],
): readonly ColumnChoice[] {
  const wanted = PRESETS[what].find((preset) => preset.name === name)?.columns ?? [];
  const order = [...wanted];
  OFFERED[what].forEach((column, at, offered) => {
    if (order.includes(column)) return;
    const neighbour = offered[at - 1];
    order.splice(neighbour === undefined ? 0 : order.indexOf(neighbour) + 1, 0, column);
  });
  const tags = before.map((column) => column.name).filter((column) => TAG.test(column));
  return [...order, ...tags].map((column) => ({ name: column, on: wanted.includes(column) }));
}

/** The preset that a choice of columns is; null where it is none. */
export function presetOf(what: Tabular, columns: readonly ColumnChoice[]): string | null {
  const on = columns.flatMap((column) => (column.on ? column.name : []));
  return PRESETS[what].find((preset) => preset.columns.join() === on.join())?.name ?? null;
}

/** How large a file of all rows will be, in bytes, by the rows of its preview; nothing where that has none. */
export function aboutBytes({
  text,
  shown,
  rows,
}: Pick<ExportPreview, "text" | "shown" | "rows">): number | null {
  if (shown === 0) return null;
  return Math.round((new TextEncoder().encode(text).length / shown) * rows);
}

export const EXPORT_DEFAULTS: ExportForm = {
  format: "csv",
  columns: {
    issues: presetColumns("issues", USUAL, []),
    occurrences: presetColumns("occurrences", USUAL, []),
    journal: presetColumns("journal", USUAL, []),
    jobs: presetColumns("jobs", USUAL, []),
  },
  redact: { secrets: true, emails: true, addresses: false, pattern: "" },
  header: true,
  bom: false,
  separator: ",",
  formulaGuard: true,
  times: "utc",
};

/** Remembered columns, as far as this version knows them; those that came since are off. */
function acceptColumns(value: unknown, what: Tabular): readonly ColumnChoice[] {
  const offered = OFFERED[what];
  const isColumn = (name: unknown): name is string =>
    typeof name === "string" && ((hasTags(what) && TAG.test(name)) || offered.includes(name));
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
      journal: acceptColumns(columns.journal, "journal"),
      jobs: acceptColumns(columns.jobs, "jobs"),
    },
    redact: acceptRedaction(stored.redact),
    header: flag(stored.header, EXPORT_DEFAULTS.header),
    bom: flag(stored.bom, EXPORT_DEFAULTS.bom),
    separator:
      SEPARATORS.find(({ value: one }) => one === stored.separator)?.value ?? EXPORT_DEFAULTS.separator,
    formulaGuard: flag(stored.formulaGuard, EXPORT_DEFAULTS.formulaGuard),
    times: TIMES.find(({ value: one }) => one === stored.times)?.value ?? EXPORT_DEFAULTS.times,
  };
}

/** Forms of lists by the ids of their views, the one that was used last at the end. */
function acceptForms(value: unknown): ReadonlyMap<string, ExportForm> | null {
  if (typeof value !== "object" || value === null) return null;
  // They were an object once, whose keys do not keep their order where they are numbers.
  const pairs: unknown[] = Array.isArray(value) ? value : Object.entries(value);
  return new Map(
    pairs.flatMap((pair) => {
      const [list, form] = Array.isArray(pair) ? pair : [];
      const known = acceptForm(form);
      return typeof list === "string" && known ? [[list, known] as const] : [];
    }),
  );
}

const readForms = () => readStored(LISTS_KEY, acceptForms) ?? new Map<string, ExportForm>();

/** The form as it was left for a list, by the id of its view; else, and without a view, as it was left last. */
export const readForm = (list: string | null): ExportForm =>
  (list === null ? undefined : readForms().get(list)) ?? readStored(KEY, acceptForm) ?? EXPORT_DEFAULTS;

/** Keeps the form for a list, and for lists that have none yet. */
export function rememberForm(list: string | null, form: ExportForm): void {
  writeStored(KEY, form);
  if (list === null) return;
  const others = [...readForms()].filter(([id]) => id !== list);
  writeStored(LISTS_KEY, [...others, [list, form] as const].slice(-MOST_LISTS));
}

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
    times: form.times,
    zone: zoneOf(form.times),
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
