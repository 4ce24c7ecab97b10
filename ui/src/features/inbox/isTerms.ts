import type { IssueRow } from "@/ipc";

/** What each word of `is:` says about a row; words that a row cannot answer are left out. */
const WORDS: Record<string, (row: IssueRow) => boolean> = {
  unresolved: (row) => row.status === "unresolved",
  resolved: (row) => row.status === "resolved",
  archived: (row) => row.status === "ignored",
  ignored: (row) => row.status === "ignored",
  muted: (row) => row.status === "ignored",
  new: (row) => row.substatus === "new",
  ongoing: (row) => row.substatus === "ongoing",
  escalating: (row) => row.substatus === "escalating",
  regressed: (row) => row.substatus === "regressed",
  until_escalating: (row) => row.substatus === "archived_until_escalating",
  until_condition_met: (row) => row.substatus === "archived_until_condition_met",
  forever: (row) => row.substatus === "archived_forever",
  assigned: (row) => row.assignee !== null,
  unassigned: (row) => row.assignee === null,
  for_review: (row) => row.inbox_reason !== null,
};

const TERM = /"(?:\\"|[^"])*"|\S+/g;

/**
 * Whether an issue certainly no longer answers a query after it was changed. Only plain `is:` terms are judged here;
 * where the query has alternatives or groups, or asks for anything else, the store decides at the next reading.
 */
export function certainlyLeft(query: string, row: IssueRow): boolean {
  const terms = query.match(TERM) ?? [];
  if (terms.some((term) => /^(OR|NOT)$/i.test(term) || /^[^":]*[()[\]]/.test(term))) return false;
  return terms.some((term) => {
    const match = /^(!?)is:([a-z_]+)$/i.exec(term);
    const holds = match?.[2] === undefined ? undefined : WORDS[match[2].toLowerCase()];
    return match !== null && holds !== undefined && holds(row) === (match[1] === "!");
  });
}
