import { onlyId, type Subject } from "@/features/triage/subject";
import type { ExportOptions, Host } from "@/ipc";
import { plural } from "@/lib/format";

/** What of issues can be copied. */
export type CopyForm = "link" | "id" | "markdown" | "stack";

/** As few columns as the forms need, a JSON object a line. Nothing is taken out: it is what the list shows. */
const OPTIONS: ExportOptions = {
  what: "issues",
  format: "ndjson",
  columns: ["id", "shortId", "title", "level", "count", "lastSeen"],
  header: false,
  bom: false,
  separator: ",",
  formula_guard: false,
  times: "utc",
  sort: "last_seen",
  redact: { secrets: false, emails: false, addresses: false, pattern: "" },
};

interface Line {
  id: string;
  shortId: string;
  title: string;
  level: string;
  count: number;
  lastSeen: string | null;
}

/** There is nothing of this form; the message says why and what to do. */
export class NothingToCopy extends Error {}

/** A link that opens an issue; the command palette takes it. */
export const issueLink = (id: string) => `picket://issue/${id}`;

/** A title comes from whoever sends events: in Markdown it must stay a text. */
const plain = (text: string) => text.replace(/\s+/g, " ").replace(/[\\`*_~[\]<>|&]/g, "\\$&");

function markdown({ id, shortId, title, level, count, lastSeen }: Line): string {
  const seen = lastSeen === null ? "" : `, last seen ${lastSeen}`;
  return `- [${shortId}](${issueLink(id)}) ${plain(title)} (${level}, ${plural(count, "event")}${seen})`;
}

/** What is copied, and of how many issues it is: those that are still there. */
export interface CopiedText {
  text: string;
  issues: number;
}

/** The text of issues in one of the forms. Rejects with {@link NothingToCopy} where there is none. */
export async function copyText(host: Host, subject: Subject, form: CopyForm): Promise<CopiedText> {
  if (form === "stack") return { text: await stack(host, subject), issues: 1 };
  const lines = await linesOf(host, subject, form);
  if (lines.length === 0) throw new NothingToCopy("None of them is in the store any more.");
  return { text: lines.join("\n"), issues: lines.length };
}

async function linesOf(host: Host, subject: Subject, form: Exclude<CopyForm, "stack">): Promise<string[]> {
  const text = await host.exportText({ kind: "issues", selection: subject.selection }, OPTIONS);
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  switch (form) {
    case "link":
      return lines.map(({ id }) => issueLink(id));
    case "id":
      return lines.map(({ shortId }) => shortId);
    case "markdown":
      return lines.map(markdown);
  }
}

async function stack(host: Host, subject: Subject): Promise<string> {
  const id = onlyId(subject);
  if (id === null)
    throw new NothingToCopy("Several issues have several stacks. Put the cursor on one of them.");
  const { title, top_frames } = await host.occurrenceDetail(id, { kind: "newest" });
  if (top_frames.length === 0) throw new NothingToCopy("The newest occurrence of this issue has no stack.");
  const lines = top_frames.map(({ place, function: name }) => (name === "" ? place : `${place} in ${name}`));
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}
