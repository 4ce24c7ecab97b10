import { describe, expect, it } from "vitest";
import { type BadgeFacts, badgesOf, fittingBadges, statusBadge, withinSentence } from "./badges";

const NOW = new Date(2026, 10, 20, 14, 30).getTime();
const facts = (some: Partial<BadgeFacts>): BadgeFacts => ({
  status: "unresolved",
  substatus: null,
  priority: "medium",
  snoozed_until: null,
  resolution: null,
  merged: 0,
  ...some,
});
const label = (some: Partial<BadgeFacts>) => statusBadge(facts(some), NOW).label;

describe("the badge of a state", () => {
  it("says until when an issue is archived, where it is a time", () => {
    const archived = { status: "ignored", substatus: "archived_until_condition_met" };
    const until = (hours: number) => label({ ...archived, snoozed_until: NOW + hours * 3_600_000 });
    expect(until(3)).toBe("Archived until 17:30");
    expect(until(24)).toMatch(/^Archived until .*21.*14:30$/);
    expect(label(archived)).toBe("Archived until condition");
    // What was left of an archive that has ended says nothing.
    expect(label({ substatus: "escalating", snoozed_until: NOW })).toBe("Escalating");
  });

  it("says in which release an issue is resolved", () => {
    const resolved = (resolution: BadgeFacts["resolution"]) => label({ status: "resolved", resolution });
    expect(resolved({ release: "2.4.1", kind: "in_release", status: "resolved" })).toBe("Resolved in 2.4.1");
    expect(resolved({ release: "2.4.1", kind: "in_next_release", status: "pending" })).toBe(
      "Resolved after 2.4.1",
    );
    expect(resolved({ release: "shop@2.4.1", kind: "in_release", status: "resolved" })).toBe(
      "Resolved in 2.4.1",
    );
    expect(resolved({ release: null, kind: "in_release", status: "resolved" })).toBe("Resolved");
    expect(resolved(null)).toBe("Resolved");
    expect(label({ resolution: { release: "1", kind: "in_release", status: "resolved" } })).toBe("Ongoing");
  });

  it("stands before how many others are part of an issue, where some are", () => {
    const labels = (merged: number) => badgesOf(facts({ merged })).map((badge) => badge.label);
    expect(labels(0)).toEqual(["Ongoing", "Medium"]);
    expect(labels(3)).toEqual(["Ongoing", "Medium", "Merged ×3"]);
    const meaning = (merged: number) => badgesOf(facts({ merged }))[2]?.meaning;
    expect([meaning(1), meaning(2)]).toEqual([
      "1 other issue is part of it",
      "2 other issues are part of it",
    ]);
  });

  it("has room for two frames in a row, and says of the others how many they are", () => {
    const shown = (some: Partial<BadgeFacts>) => {
      const fitting = fittingBadges(badgesOf(facts(some)));
      return fitting.map(({ label, meaning }) => (label.startsWith("+") ? `${label}: ${meaning}` : label));
    };
    expect(shown({ merged: 2 })).toEqual(["Ongoing", "Medium", "Merged ×2"]);
    expect(shown({ merged: 2, substatus: "new" })).toEqual(["New", "Medium", "Merged ×2"]);
    expect(shown({ merged: 2, substatus: "new", priority: "high" })).toEqual([
      "New",
      "High",
      "+1: Merged ×2",
    ]);
  });

  it("keeps the capitals of a release inside a sentence", () => {
    expect(withinSentence("Resolved in 2.4-RC1")).toBe("resolved in 2.4-RC1");
  });
});
