import { statusBadge, withinSentence } from "@/components/badges";
import { splitTerms } from "@/features/search/terms";
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

/** What a row is now, where a word no longer holds for it, or one that must not holds. */
function nowIs(word: string, row: IssueRow): string {
  if (word === "assigned" || word === "unassigned") return row.assignee === null ? "nobody’s" : "assigned";
  if (word === "for_review") return row.inbox_reason === null ? "reviewed" : "waiting for review";
  return withinSentence(statusBadge(row).label);
}

/** Says of a row why it certainly no longer answers a query, such as `now resolved`; null where it may. */
export type WhyLeft = (row: IssueRow) => string | null;

/**
 * Judges rows that were changed after a list was read. Only plain `is:` terms are looked at; where the query has
 * alternatives or groups, or asks for anything else, the store decides at the next reading.
 */
export function whyLeft(query: string): WhyLeft {
  const terms = splitTerms(query);
  const isJoined = terms.some(
    ({ kind, raw }) => kind === "group" || (kind === "word" && !/^and$/i.test(raw)),
  );
  const judged = isJoined
    ? []
    : terms.flatMap(({ kind, key, operator, value, negated }) => {
        const word = value.toLowerCase();
        const holds = kind === "filter" && key === "is" && operator === "" ? WORDS[word] : undefined;
        return holds ? [{ word, holds, negated }] : [];
      });
  return (row) => {
    const broken = judged.find(({ holds, negated }) => holds(row) === negated);
    return broken ? `now ${nowIs(broken.word, row)}` : null;
  };
}
