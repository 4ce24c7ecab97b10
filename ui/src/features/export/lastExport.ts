import type { ExportOptions, ExportRedaction, ExportSource, ExportWhat } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";
import { EXPORT_DEFAULTS, FORMATS, TIMES, WHATS } from "./exportModel";

type Kind = ExportSource["kind"];

const KEY = "picket.export.last";

/** What was exported last of a kind of lists, for doing it again. The issues, their order, the view and the zone are those of then. */
export interface LastExport {
  options: Omit<ExportOptions, "sort" | "view" | "zone">;
  /** The file that the user named; `null` where the suggested one was taken, whose name holds the day. */
  path: string | null;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

function isRedaction(value: unknown): value is ExportRedaction {
  const redact = value as Partial<ExportRedaction> | null | undefined;
  return [redact?.secrets, redact?.emails, redact?.addresses].every(isFlag) && isText(redact?.pattern);
}

/** What a list of that kind has. */
const whatsOf = (of: Kind): readonly ExportWhat[] =>
  of === "issues" ? WHATS.map(({ value }) => value) : [of];

/** Where it is kept; that of issues from before there were others. */
const keyOf = (of: Kind) => (of === "issues" ? KEY : `${KEY}.${of}`);

/** A remembered export, if this version can do the same; otherwise there is nothing to repeat. */
export function acceptLast(value: unknown, of: Kind = "issues"): LastExport | null {
  const { options, path } = (value ?? {}) as Partial<LastExport>;
  if (!options || !(path === null || isText(path))) return null;
  const { columns, header, bom, separator, formula_guard, redact } = options;
  const what = whatsOf(of).find((known) => known === options.what);
  const format = FORMATS.find((known) => known.value === options.format)?.value;
  if (what === undefined || format === undefined || !isText(separator) || !isRedaction(redact)) return null;
  if (!Array.isArray(columns) || !columns.every(isText)) return null;
  if (!isFlag(header) || !isFlag(bom) || !isFlag(formula_guard)) return null;
  // Those of an earlier version say nothing of times, which were always written so.
  const times = TIMES.find(({ value: known }) => known === options.times)?.value ?? EXPORT_DEFAULTS.times;
  return { options: { what, format, columns, header, bom, separator, formula_guard, times, redact }, path };
}

/** The last export of a kind of lists on this device, across restarts. */
export const readLast = (of: Kind): LastExport | null =>
  readStored(keyOf(of), (value) => acceptLast(value, of));

export const rememberLast = (of: Kind, last: LastExport): void => writeStored(keyOf(of), last);

/** The `n`-th name for a file whose own is taken: `issues.csv`, `issues-2.csv`, `issues-3.csv`. */
export function numbered(path: string, n: number): string {
  if (n < 2) return path;
  const [, stem = path, extension = ""] = /^(.*[^\\/])(\.[^.\\/]+)$/s.exec(path) ?? [];
  return `${stem}-${n}${extension}`;
}
