import type { IssueRow } from "@/ipc";
import { formatCount, formatExact, formatMoment, plural } from "@/lib/format";
import { priorityMark } from "./priorities";

/** A word beside an issue's title that says what is special about it. */
export interface BadgeText {
  kind: "status" | "priority" | "merged" | "more";
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

/** What a badge needs to know of a row. */
export type BadgeFacts = Pick<
  IssueRow,
  "status" | "substatus" | "priority" | "snoozed_until" | "resolution" | "merged"
>;

/** What ends the state of an issue, where a badge has room for it. */
function endOf(
  { status, substatus, snoozed_until: until, resolution }: BadgeFacts,
  now: number,
): StatusWords | undefined {
  if (substatus === "archived_until_condition_met" && until !== null) {
    return {
      label: `Archived until ${formatMoment(until, now)}`,
      meaning: `Archived until ${formatExact(until)} at the latest`,
      tone: "neutral",
    };
  }
  const release = status === "resolved" ? resolution?.release : null;
  if (!release) return undefined;
  // Without the name of its package, which all releases of a project share.
  const version = release.replace(/^[^@]+@(?=.)/, "");
  return resolution?.kind === "in_next_release"
    ? {
        label: `Resolved after ${version}`,
        meaning: `Resolved in the release after ${release}`,
        tone: "success",
      }
    : {
        label: `Resolved in ${version}`,
        meaning: `Resolved in ${release}; comes back when it is seen there or later`,
        tone: "success",
      };
}

/** Status and substatus in one word or few, with what ends them. `now`: a time of today needs no day. */
export function statusBadge(row: BadgeFacts, now = Date.now()): BadgeText {
  const words =
    endOf(row, now) ?? (row.substatus === null ? undefined : SUBSTATUS[row.substatus]) ?? STATUS[row.status];
  const unknown: StatusWords = { label: row.substatus ?? row.status, meaning: row.status, tone: "neutral" };
  return { kind: "status", ...(words ?? unknown) };
}

/** Priority with its bars. */
export function priorityBadge(priority: string): BadgeText {
  const { label, word, path } = priorityMark(priority);
  const tone = priority === "high" ? "danger" : "plain";
  return { kind: "priority", label, meaning: `Priority: ${word}`, tone, glyph: path };
}

/** How many issues have become part of one; nothing where it is only itself. */
export function mergedBadge(merged: number): BadgeText | null {
  if (merged === 0) return null;
  return {
    kind: "merged",
    label: `Merged ×${formatCount(merged)}`,
    meaning: `${plural(merged, "other issue")} ${merged === 1 ? "is" : "are"} part of it`,
    tone: "neutral",
  };
}

/** Badges of an issue, in the order in which they are shown. */
export function badgesOf(row: BadgeFacts): BadgeText[] {
  const merged = mergedBadge(row.merged);
  return [statusBadge(row), priorityBadge(row.priority), ...(merged ? [merged] : [])];
}

/** Badges with a frame that a row has room for. */
const MOST_FRAMED = 2;

/** Those of some badges that a row shows; the last one stands for all it has no room for. */
export function fittingBadges(all: readonly BadgeText[]): BadgeText[] {
  const left = all.filter(({ tone }) => tone !== "plain").slice(MOST_FRAMED);
  const shown = all.filter((badge) => !left.includes(badge));
  if (left.length === 0) return shown;
  const meaning = left.map((badge) => badge.label).join(", ");
  return [...shown, { kind: "more", label: `+${left.length}`, meaning, tone: "neutral" }];
}

/** What a badge says, for whoever reads it by its mark. */
export function badgeValue({ kind, label }: BadgeText, row: IssueRow): string {
  if (kind === "priority") return row.priority;
  if (kind === "more") return label;
  return kind === "merged" ? String(row.merged) : (row.substatus ?? row.status);
}

/** A label inside a sentence. Only its first letter is changed: a release may have capitals. */
export const withinSentence = (label: string) => label.slice(0, 1).toLowerCase() + label.slice(1);

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
