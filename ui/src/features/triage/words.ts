import type { IssueChange, IssueSnooze, SkippedCount, SkipReason } from "@/ipc";
import { formatCount, formatMinutes, plural } from "@/lib/format";

/** `seen 3 more times`, `seen 10 times within 1 hour`. */
export function countCondition(count: number, windowMinutes: number | null): string {
  if (windowMinutes === null) return `it is seen ${plural(count, "more time", "more times")}`;
  return `it is seen ${plural(count, "time")} within ${formatMinutes(windowMinutes)}`;
}

/** `5 more users are affected`, `20 users are affected within 2 hours`. */
export function userCondition(count: number, windowMinutes: number | null): string {
  const are = count === 1 ? "is" : "are";
  if (windowMinutes === null) return `${plural(count, "more user")} ${are} affected`;
  return `${plural(count, "user")} ${are} affected within ${formatMinutes(windowMinutes)}`;
}

/** The conditions beside a time, in words. */
export function countedConditions(snooze: Omit<IssueSnooze, "until">): string[] {
  const parts: string[] = [];
  if (snooze.count !== null) parts.push(countCondition(snooze.count, snooze.window_minutes));
  if (snooze.user_count !== null) {
    parts.push(userCondition(snooze.user_count, snooze.user_window_minutes));
  }
  return parts;
}

/** How long an issue is archived: `for 30 minutes`, `until it is seen 3 more times`. */
export function archiveTerm(change: IssueChange & { kind: "archive_until" }): string {
  const counted = countedConditions(change);
  if (change.minutes === null) return `until ${counted.join(" or ")}`;
  const term = `for ${formatMinutes(change.minutes)}`;
  return counted.length === 0 ? term : `${term}, or until ${counted.join(" or ")}`;
}

const quoted = (labels: readonly string[]) => labels.map((label) => `“${label}”`).join(", ");

/** `Put “ui” on 3 issues`, `Took “ui” off SHOP-1A`, `Put “ui” on and took “db” off SHOP-1A`. */
function labelsDone({ add, remove }: IssueChange & { kind: "change_labels" }, name: string): string {
  if (remove.length === 0) return `Put ${quoted(add)} on ${name}`;
  if (add.length === 0) return `Took ${quoted(remove)} off ${name}`;
  return `Put ${quoted(add)} on and took ${quoted(remove)} off ${name}`;
}

/** What a change has done, with the issue's short id or the number of issues in its place. */
export function changeDone(
  change: IssueChange,
  name: string,
  assignee: (value: string) => string,
  many = false,
): string {
  switch (change.kind) {
    case "resolve":
      return `Resolved ${name}`;
    case "resolve_in_release":
      return `Resolved ${name} in ${change.release}`;
    case "resolve_in_next_release":
      return `Resolved ${name} in the next release`;
    case "archive_forever":
      return `Archived ${name} forever`;
    case "archive_until_escalating":
      return `Archived ${name} until it escalates`;
    case "archive_until":
      return `Archived ${name} ${archiveTerm(change)}`;
    case "unresolve":
      return `${name} ${many ? "are" : "is"} unresolved again`;
    case "set_priority":
      return `Priority of ${name} is ${change.priority}`;
    case "assign":
      return change.assignee === null
        ? `Nobody has ${name} any more`
        : `Assigned ${name} to ${assignee(change.assignee)}`;
    case "mark_reviewed":
      return `Marked ${name} as reviewed`;
    case "add_to_inbox":
      return `${name} ${many ? "wait" : "waits"} for review`;
    case "set_bookmark":
      return change.on ? `Bookmarked ${name}` : `Took the bookmark off ${name}`;
    case "set_seen":
      return change.on ? `Marked ${name} as seen` : `Marked ${name} as not seen`;
    case "change_labels":
      return labelsDone(change, name);
    case "note":
      return `Wrote a note on ${name}`;
    case "merge":
      return `Merged ${name} into one`;
    case "discard":
    case "delete":
      return `Deleted ${name}`;
  }
}

/** What a button says that does it to several issues; the number is put behind. */
export function changeVerb(change: IssueChange): string {
  switch (change.kind) {
    case "resolve":
    case "resolve_in_release":
    case "resolve_in_next_release":
      return "Resolve";
    case "archive_forever":
    case "archive_until_escalating":
    case "archive_until":
      return "Archive";
    case "unresolve":
      return "Unresolve";
    case "set_priority":
      return "Set the priority of";
    case "assign":
      return change.assignee === null ? "Unassign" : "Assign";
    case "mark_reviewed":
      return "Mark as reviewed:";
    case "add_to_inbox":
      return "Ask for a review of";
    case "set_bookmark":
      return change.on ? "Bookmark" : "Take the bookmark off";
    case "set_seen":
      return change.on ? "Mark as seen:" : "Mark as not seen:";
    case "change_labels":
      return "Change the labels of";
    case "note":
      return "Write a note on";
    case "merge":
      return "Merge";
    case "discard":
    case "delete":
      return "Delete";
  }
}

const CHANGED: Record<IssueChange["kind"], string> = {
  resolve: "resolved",
  resolve_in_release: "resolved",
  resolve_in_next_release: "resolved",
  archive_forever: "archived",
  archive_until_escalating: "archived",
  archive_until: "archived",
  unresolve: "unresolved",
  set_priority: "given another priority",
  assign: "assigned",
  mark_reviewed: "marked as reviewed",
  add_to_inbox: "put up for review",
  set_bookmark: "bookmarked",
  set_seen: "marked",
  change_labels: "labelled",
  note: "noted on",
  merge: "merged",
  discard: "deleted",
  delete: "deleted",
};

/** What an issue is after a change: `3 issues` archived. Nothing else says it in words of its own. */
export const changedWord = (kind: IssueChange["kind"]): string => CHANGED[kind];

/** Whether a text is the name of a change. */
export const isChangeKind = (text: unknown): text is IssueChange["kind"] =>
  typeof text === "string" && Object.hasOwn(CHANGED, text);

/** What was attempted, for the head of an error. */
export const changeFailed = (change: IssueChange, name: string): string =>
  `${name} could not be ${changedWord(change.kind)}`;

/** Why several issues were left as they were, behind their number. */
const LEFT_OUT: Record<SkipReason, (many: boolean) => string> = {
  unchanged: (many) => `${many ? "were" : "was"} so already`,
  gone: (many) => `${many ? "are" : "is"} no longer in the store`,
  resolved_meanwhile: (many) => `${many ? "were" : "was"} resolved meanwhile`,
  archived_meanwhile: (many) => `${many ? "were" : "was"} archived meanwhile`,
  no_match: (many) => `no longer ${many ? "match" : "matches"} the search`,
  unsure: (many) => `${many ? "have" : "has"} changed since, and may not have matched before`,
  no_error: (many) => `${many ? "are no errors" : "is no error"}`,
  discarded: (many) => `${many ? "were" : "was"} discarded before`,
  refused: () => "cannot be changed so",
};

/** Why issues of a selection are left out: `2 of 40 were resolved meanwhile`, one text for each reason. */
export function leftOutReasons(reasons: readonly SkippedCount[], of: number): string[] {
  return reasons.map(({ reason, issues }, at) => {
    const count = at === 0 ? `${formatCount(issues)} of ${formatCount(of)}` : formatCount(issues);
    return `${count} ${LEFT_OUT[reason](issues !== 1)}`;
  });
}

/** What a change skipped of so many issues: `2 of 40 were resolved meanwhile and are skipped.` */
export function skippedSummary(reasons: readonly SkippedCount[], of: number): string {
  const parts = leftOutReasons(reasons, of);
  const last = parts.pop();
  if (last === undefined) return "";
  const skipped = reasons.reduce((sum, { issues }) => sum + issues, 0);
  const and = parts.length > 0 ? `${parts.join(", ")} and ` : "";
  return `${and}${last}${parts.length > 0 ? "; they" : " and"} ${skipped === 1 ? "is" : "are"} skipped.`;
}

const SKIPPED: Record<string, string> = {
  not_found: "it is no longer in the store",
  unchanged: "it is so already",
  already_resolved: "it is resolved already",
  already_archived: "it is archived that way already",
  already_unresolved: "it is unresolved already",
  already_in_inbox: "it waits for review already",
  not_in_inbox: "it does not wait for review",
};

/** Why a change left an issue as it was. */
export function skippedReason(reason: string): string {
  return SKIPPED[reason] ?? reason.replaceAll("_", " ");
}
