import { describe, expect, it } from "vitest";
import { type BadgeFacts, statusBadge, withinSentence } from "./badges";

const NOW = new Date(2026, 10, 20, 14, 30).getTime();
const facts = (some: Partial<BadgeFacts>): BadgeFacts => ({
  status: "unresolved",
  substatus: null,
  priority: "medium",
  snoozed_until: null,
  resolution: null,
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

  it("keeps the capitals of a release inside a sentence", () => {
    expect(withinSentence("Resolved in 2.4-RC1")).toBe("resolved in 2.4-RC1");
  });
});
