import type { ExportOptions, Host, Selection } from "@/ipc";

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

/** Rows as a table for what takes HTML, such as a mail or a spreadsheet. */
export function htmlTable(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const line = (tag: "th" | "td", values: readonly unknown[]) =>
    `<tr>${values.map((value) => `<${tag}>${plain(value).replaceAll("\n", "<br>")}</${tag}>`).join("")}</tr>`;
  const body = rows
    .map((row) =>
      line(
        "td",
        columns.map((name) => row[name]),
      ),
    )
    .join("");
  return `<table><thead>${line("th", columns)}</thead><tbody>${body}</tbody></table>`;
}

/**
 * Puts an export into the clipboard: its text, and beside that of a table the same rows as HTML, so that each program
 * takes what it knows (UX 18). Rejects where it is too large for that.
 */
export async function copyExport(host: Host, selection: Selection, options: ExportOptions): Promise<Copied> {
  const text = await host.exportText(selection, options);
  const bytes = new TextEncoder().encode(text).length;
  const isTable = options.what !== "bundle" && ["csv", "markdown"].includes(options.format);
  // Markdown goes as text: no other type of it is taken everywhere.
  if (!isTable || typeof ClipboardItem === "undefined") {
    await navigator.clipboard.writeText(text);
    return { bytes, asTable: false };
  }
  const html = htmlTable(options.columns, await rowsOf(host, selection, options));
  const blob = (type: string, content: string) => new Blob([content], { type });
  const both = { "text/plain": blob("text/plain", text), "text/html": blob("text/html", html) };
  try {
    await navigator.clipboard.write([new ClipboardItem(both)]);
    return { bytes, asTable: true };
  } catch {
    // A web view may take only text by now: reading the rows has taken a while since the press.
    await navigator.clipboard.writeText(text);
    return { bytes, asTable: false };
  }
}

/** The same rows as objects, a line each, with the same taken out of them. */
async function rowsOf(host: Host, selection: Selection, options: ExportOptions) {
  const lines = await host.exportText(selection, { ...options, format: "ndjson" });
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
