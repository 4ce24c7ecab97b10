import type { IssueRow } from "@/ipc";

/** A word beside an issue's title that says what is special about it. */
export interface BadgeText {
  label: string;
  /** Longer form for the tooltip. */
  meaning: string;
  tone: "accent" | "warning" | "danger" | "success" | "neutral";
}

const SUBSTATUS: Record<string, BadgeText> = {
  new: { label: "New", meaning: "First seen a short while ago", tone: "accent" },
  regressed: { label: "Regressed", meaning: "Was resolved and has come back", tone: "danger" },
  escalating: { label: "Escalating", meaning: "Happens much more often than it used to", tone: "warning" },
  archived_until_escalating: { label: "Archived", meaning: "Archived until it escalates", tone: "neutral" },
  archived_until_condition_met: {
    label: "Archived",
    meaning: "Archived until a condition is met",
    tone: "neutral",
  },
  archived_forever: { label: "Archived", meaning: "Archived forever", tone: "neutral" },
};

/** Badges of an issue, the most important first. Plain ongoing issues have none. */
export function badgesOf(row: Pick<IssueRow, "status" | "substatus">): BadgeText[] {
  const badges: BadgeText[] = [];
  const known = row.substatus === null ? undefined : SUBSTATUS[row.substatus];
  if (known) badges.push(known);
  else if (row.status === "resolved")
    badges.push({ label: "Resolved", meaning: "Resolved", tone: "success" });
  else if (row.status === "ignored") badges.push({ label: "Archived", meaning: "Archived", tone: "neutral" });
  return badges;
}
