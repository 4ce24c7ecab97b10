import type { IssueRow } from "@/ipc";
import { priorityMark } from "./priorities";

/** A word beside an issue's title that says what is special about it. */
export interface BadgeText {
  kind: "status" | "priority";
  label: string;
  /** Longer form for the tooltip. */
  meaning: string;
  /** `plain` has no frame: what holds for most issues should not draw the eye. */
  tone: "accent" | "warning" | "danger" | "success" | "neutral" | "plain";
  /** Outline of a 16 px drawing in front of the word. */
  glyph?: string;
}

type StatusWords = Omit<BadgeText, "kind">;

const SUBSTATUS: Record<string, StatusWords> = {
  new: { label: "New", meaning: "First seen less than seven days ago", tone: "accent" },
  ongoing: { label: "Ongoing", meaning: "Unresolved, and nothing special about it", tone: "plain" },
  regressed: { label: "Regressed", meaning: "Was resolved and has come back", tone: "danger" },
  escalating: { label: "Escalating", meaning: "Happens much more often than forecast", tone: "warning" },
  archived_until_escalating: {
    label: "Archived until escalating",
    meaning: "Archived until it happens much more often than forecast",
    tone: "neutral",
  },
  archived_until_condition_met: {
    label: "Archived until condition",
    meaning: "Archived until a time has passed or it has been seen often enough",
    tone: "neutral",
  },
  archived_forever: {
    label: "Archived forever",
    meaning: "Archived; it stays so however often it happens",
    tone: "neutral",
  },
};

const STATUS: Record<string, StatusWords> = {
  unresolved: SUBSTATUS.ongoing as StatusWords,
  resolved: { label: "Resolved", meaning: "Resolved until it comes back", tone: "success" },
  ignored: { label: "Archived", meaning: "Archived", tone: "neutral" },
};

/** Status and substatus in one word or few. */
export function statusBadge(row: Pick<IssueRow, "status" | "substatus">): BadgeText {
  const words = (row.substatus === null ? undefined : SUBSTATUS[row.substatus]) ?? STATUS[row.status];
  const unknown: StatusWords = { label: row.substatus ?? row.status, meaning: row.status, tone: "neutral" };
  return { kind: "status", ...(words ?? unknown) };
}

/** Priority with its bars. */
export function priorityBadge(priority: string): BadgeText {
  const { label, word, path } = priorityMark(priority);
  const tone = priority === "high" ? "danger" : "plain";
  return { kind: "priority", label, meaning: `Priority: ${word}`, tone, glyph: path };
}

/** Badges of an issue, in the order in which they are shown. */
export function badgesOf(row: Pick<IssueRow, "status" | "substatus" | "priority">): BadgeText[] {
  return [statusBadge(row), priorityBadge(row.priority)];
}

const INBOX_REASONS: Record<string, string> = {
  new: "it is new",
  unignored: "its archive ended",
  regression: "it came back after it was resolved",
  manual: "somebody asked for it",
  reprocessed: "it was processed again",
  escalating: "it happens much more often than forecast",
  ongoing: "its archive ended",
};

/** Why an issue waits for review, as the end of a sentence. */
export function inboxReason(reason: string): string {
  return INBOX_REASONS[reason] ?? reason.replaceAll("_", " ");
}
