import { inboxReason } from "@/components/badges";
import { countedConditions } from "@/features/triage/words";
import type { IssueDetail, IssueRow, IssueSnooze } from "@/ipc";
import { formatAge, formatMoment, formatSpan, plural } from "@/lib/format";

/** What the status of an issue means: what holds, and what ends it. */
export interface StateText {
  lead: string;
  /** What follows from it; empty while the rest is still being read. */
  rest: string;
}

function snoozeEnd(snooze: IssueSnooze, now: number): string {
  const ends: string[] = [];
  if (snooze.until !== null) {
    const left = snooze.until - now;
    const rest = left > 0 ? `${formatSpan(left)} left` : "over, ends within minutes";
    ends.push(`${formatMoment(snooze.until, now)} (${rest})`);
  }
  ends.push(...countedConditions(snooze));
  return ends.join(" or ");
}

function archived(row: IssueRow, detail: IssueDetail | undefined, now: number): StateText {
  switch (row.substatus) {
    case "archived_until_escalating":
      return {
        lead: "Archived until it escalates.",
        rest:
          detail && detail.forecast !== null
            ? `Today that is more than ${plural(detail.forecast, "event")} an hour.`
            : "",
      };
    case "archived_until_condition_met": {
      const end = detail?.snooze ? snoozeEnd(detail.snooze, now) : "";
      return end === ""
        ? { lead: "Archived until a condition is met.", rest: "" }
        : { lead: `Archived until ${end}.`, rest: "" };
    }
    default:
      return { lead: "Archived forever.", rest: "It stays so however often it happens." };
  }
}

function resolved(detail: IssueDetail | undefined, now: number): StateText {
  if (!detail) return { lead: "Resolved.", rest: "" };
  const ago = detail.resolved_at === null ? "" : ` ${formatAge(detail.resolved_at, now)} ago`;
  const { resolution } = detail;
  if (!resolution?.release) return { lead: `Resolved${ago}.`, rest: "It comes back with the next event." };
  if (resolution.kind === "in_next_release") {
    return {
      lead: `Resolved${ago} in the release after ${resolution.release}.`,
      rest:
        resolution.status === "pending"
          ? "That release has not appeared yet."
          : "It comes back when it is seen there or later.",
    };
  }
  return {
    lead: `Resolved${ago} in ${resolution.release}.`,
    rest: `It comes back when it is seen in ${resolution.release} or later.`,
  };
}

const UNRESOLVED: Record<string, StateText> = {
  new: { lead: "New.", rest: "It becomes ongoing seven days after it was first seen." },
  regressed: { lead: "Regressed: it came back after it was resolved.", rest: "" },
  escalating: { lead: "Escalating: it happens much more often than forecast.", rest: "" },
  ongoing: { lead: "Ongoing.", rest: "" },
};

/** The status of an issue in a sentence or two. */
export function stateText(row: IssueRow, detail: IssueDetail | undefined, now: number): StateText {
  if (row.status === "ignored") return archived(row, detail, now);
  if (row.status === "resolved") return resolved(detail, now);
  return UNRESOLVED[row.substatus ?? "ongoing"] ?? { lead: `${row.substatus}.`, rest: "" };
}

/** Why it waits for review, and since when; null where it does not. */
export function reviewText(row: IssueRow, detail: IssueDetail | undefined, now: number): string | null {
  if (row.inbox_reason === null) return null;
  const since = detail?.inbox ? ` for ${formatSpan(Math.max(0, now - detail.inbox.since))}` : "";
  return `Waits for review${since}, because ${inboxReason(row.inbox_reason)}.`;
}
