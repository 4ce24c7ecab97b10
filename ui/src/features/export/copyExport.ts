import type { ExportOptions, ExportSource, Host } from "@/ipc";

/** What went to the clipboard. */
export interface Copied {
  /** Bytes of the text. */
  bytes: number;
  /** Whether a table went with it. */
  asTable: boolean;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text from whoever sends events: in HTML it must stay a text. */
const plain = (value: unknown) => String(value ?? "").replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

/** Starts of a line that a spreadsheet takes for a formula. HTML drops blanks in front of them. */
const FORMULA = /^(?=[^\S\n]*[=+\-@]|[\t\r])/gm;

/** The same with an apostrophe in front of what were a formula, also after a break: that may begin another cell. */
const guarded = (value: unknown) => (typeof value === "string" ? value.replace(FORMULA, "'") : value);

/**
 * Rows as a table for what takes HTML, such as a mail or a spreadsheet. `guardFormulas`: no text is a formula there, as
 * in a file (UX 18).
 */
export function htmlTable(
  columns: readonly string[],
  rows: readonly Record<string, unknown>[],
  guardFormulas: boolean,
): string {
  const line = (tag: "th" | "td", values: readonly unknown[]) =>
    `<tr>${values.map((value) => `<${tag}>${plain(value).replaceAll("\n", "<br>")}</${tag}>`).join("")}</tr>`;
  const cell = guardFormulas ? guarded : (value: unknown) => value;
  const body = rows
    .map((row) =>
      line(
        "td",
        columns.map((name) => cell(row[name])),
      ),
    )
    .join("");
  return `<table><thead>${line("th", columns.map(cell))}</thead><tbody>${body}</tbody></table>`;
}

/**
 * Puts an export into the clipboard: its text, and beside that of a table the same rows as HTML, so that each program
 * takes what it knows (UX 18). Rejects where it is too large for that. Has to be called in the press itself.
 */
export async function copyExport(host: Host, source: ExportSource, options: ExportOptions): Promise<Copied> {
  const text = host.exportText(source, options);
  // Markdown goes as text: no other type of it is taken everywhere.
  const takesParts = typeof ClipboardItem !== "undefined";
  const isTable = takesParts && options.what !== "bundle" && ["csv", "markdown"].includes(options.format);
  const parts: Record<string, Promise<string>> = { "text/plain": text };
  if (isTable) {
    // Whoever takes the table of a Markdown export was not asked about formulas.
    const guardFormulas = options.formula_guard || options.format === "markdown";
    parts["text/html"] = rowsOf(host, source, options).then((rows) =>
      htmlTable(options.columns, rows, guardFormulas),
    );
  }
  const isWritten = takesParts && (await writeParts(parts));
  if (!isWritten) await navigator.clipboard.writeText(await text);
  return { bytes: new TextEncoder().encode(await text).length, asTable: isWritten && isTable };
}

/** Writes contents of several types as one. Answers whether the web view took them; rejects where one is not to be had. */
async function writeParts(parts: Record<string, Promise<string>>): Promise<boolean> {
  const blobs = Object.entries(parts).map(
    ([type, content]) => [type, content.then((known) => new Blob([known], { type }))] as const,
  );
  // Both are waited for below; what fails first is told, the other one must not go unheard.
  for (const [, blob] of blobs) blob.catch(() => undefined);
  try {
    // Before they are there: a web view may take nothing any more a while after the press.
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    // It failed for what should have been copied, or this web view knows no promises here.
    const known = await Promise.all(blobs.map(async ([type, blob]) => [type, await blob] as const));
    try {
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(known))]);
      return true;
    } catch {
      return false;
    }
  }
}

/** The same rows as objects, a line each, with the same taken out of them. */
async function rowsOf(host: Host, source: ExportSource, options: ExportOptions) {
  const lines = await host.exportText(source, { ...options, format: "ndjson" });
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
