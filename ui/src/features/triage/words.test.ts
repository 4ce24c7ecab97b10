import { describe, expect, it } from "vitest";
import { whyLeft } from "@/features/inbox/isTerms";
import type { IssueRow } from "@/ipc";
import {
  acceptSnooze,
  FIELDS_OF,
  readSnooze,
  SNOOZE_CHOICES,
  SNOOZE_DEFAULTS,
  type SnoozeChoice,
} from "./snoozeModel";
import { archiveTerm, changeDone, changeFailed, skippedReason, skippedSummary } from "./words";

const term = (parts: object) =>
  archiveTerm({
    kind: "archive_until",
    minutes: null,
    count: null,
    window_minutes: null,
    user_count: null,
    user_window_minutes: null,
    ...parts,
  });

describe("how long an issue is archived", () => {
  it("is said with what counts", () => {
    expect(term({ minutes: 30 })).toBe("for 30 minutes");
    expect(term({ minutes: 1_500 })).toBe("for 1 day 1 hour");
    expect(term({ count: 1 })).toBe("until it is seen 1 more time");
    expect(term({ count: 3 })).toBe("until it is seen 3 more times");
    expect(term({ count: 10, window_minutes: 60 })).toBe("until it is seen 10 times within 1 hour");
    expect(term({ user_count: 1 })).toBe("until 1 more user is affected");
    expect(term({ minutes: 60, count: 5, user_count: 20, user_window_minutes: 90 })).toBe(
      "for 1 hour, or until it is seen 5 more times or 20 users are affected within 1 hour 30 minutes",
    );
  });
});

describe("changes", () => {
  const say = (change: Parameters<typeof changeDone>[0]) => changeDone(change, "SHOP-1A", () => "ana");

  it("say what they did", () => {
    expect(say({ kind: "resolve" })).toBe("Resolved SHOP-1A");
    expect(say({ kind: "resolve_in_release", release: "2.0" })).toBe("Resolved SHOP-1A in 2.0");
    expect(say({ kind: "assign", assignee: "user:7" })).toBe("Assigned SHOP-1A to ana");
    expect(say({ kind: "assign", assignee: null })).toBe("Nobody has SHOP-1A any more");
    expect(say({ kind: "set_priority", priority: "low" })).toBe("Priority of SHOP-1A is low");
    expect(say({ kind: "add_to_inbox" })).toBe("SHOP-1A waits for review");
  });

  it("say what failed and why nothing changed", () => {
    expect(changeFailed({ kind: "archive_forever" }, "SHOP-1A")).toBe("SHOP-1A could not be archived");
    expect(skippedReason("not_found")).toBe("it is no longer in the store");
    expect(skippedReason("some_new_reason")).toBe("some new reason");
  });
});

describe("what a change skipped", () => {
  it("is said with the number and the reason of each", () => {
    expect(skippedSummary([], 5)).toBe("");
    expect(skippedSummary([{ reason: "resolved_meanwhile", issues: 2 }], 12_431)).toBe(
      "2 of 12\u202f431 were resolved meanwhile and are skipped.",
    );
    expect(skippedSummary([{ reason: "no_match", issues: 1 }], 3)).toBe(
      "1 of 3 no longer matches the search and is skipped.",
    );
    expect(
      skippedSummary(
        [
          { reason: "unchanged", issues: 4 },
          { reason: "gone", issues: 2 },
          { reason: "unsure", issues: 1 },
        ],
        40,
      ),
    ).toBe(
      "4 of 40 were so already, 2 are no longer in the store and 1 has changed since, and may not have matched before; they are skipped.",
    );
  });
});

describe("the snooze form", () => {
  /** A Friday, half a minute after half past two. */
  const NOW = new Date(2026, 10, 20, 14, 30, 30).getTime();
  const read = (parts: object) => readSnooze({ ...SNOOZE_DEFAULTS, ...parts }, NOW);

  it("reads each choice, and only the fields it shows", () => {
    const minutes: Partial<Record<SnoozeChoice, number>> = {
      "30m": 30,
      "2h": 120,
      "24h": 1_440,
      // To nine o'clock, and no minute too early.
      tomorrow: 18 * 60 + 30,
      monday: (48 + 18) * 60 + 30,
      day: 60 + 30,
      custom: 3 * 1_440,
    };
    for (const { value } of SNOOZE_CHOICES) {
      const { change, errors } = read({ choice: value, day: "2026-11-20 16:00" });
      expect(errors).toEqual({});
      expect(change?.minutes).toBe(minutes[value] ?? null);
      expect(change?.count ?? null).toBe(FIELDS_OF[value].includes("count") ? 10 : null);
      expect(change?.user_count ?? null).toBe(FIELDS_OF[value].includes("users") ? 5 : null);
    }
  });

  it("ends on a morning unless a time is named, and a week later where it is Monday", () => {
    expect(read({ choice: "day", day: " 2026-11-21 " }).summary).toMatch(
      /^Archives it until .*21.* 09:00\.$/,
    );
    expect(read({ choice: "day", day: "2026-11-20T14:31" }).change?.minutes).toBe(1);
    const onMonday = new Date(2026, 10, 23, 8).getTime();
    const monday = readSnooze({ ...SNOOZE_DEFAULTS, choice: "monday" }, onMonday);
    expect(monday.change?.minutes).toBe(7 * 1_440 + 60);
  });

  it("refuses what is no day to come", () => {
    const error = (day: string) => read({ choice: "day", day }).errors.day;
    for (const day of ["", "soon", "2026-11-31", "2026-13-01", "2026-12-01 25:00", "1.12.2026"]) {
      expect(error(day)).toMatch(/^Write it as/);
    }
    expect(error("2026-11-20")).toBe("That is past.");
    expect(error("2026-11-20 14:30")).toBe("That is past.");
    expect(error("2037-01-01")).toBe("Enter at most ten years.");
  });

  it("refuses what is no whole number from 1 on", () => {
    for (const text of ["0", "-1", "1.5", "1e3", "ten", "", " "]) {
      expect(read({ choice: "times", count: text }).errors.count).toBeTruthy();
    }
    expect(read({ choice: "times", count: " 12 " }).change?.count).toBe(12);
  });

  it("refuses windows beyond a week and windows without a number", () => {
    const window = (value: string, unit: string) =>
      read({ choice: "times", window: { value, unit } }).errors.window;
    expect(window("7", "days")).toBeUndefined();
    expect(window("8", "days")).toBeTruthy();
    expect(window("10080", "minutes")).toBeUndefined();
    expect(window("10081", "minutes")).toBeTruthy();
    const custom = read({ choice: "custom", count: "", window: { value: "1", unit: "hours" } });
    expect(custom.errors.count).toBe("A window needs a number of times.");
  });

  it("wants at least one condition", () => {
    const none = read({ choice: "custom", duration: { value: "", unit: "days" }, count: "", users: "" });
    expect(none.change).toBeNull();
    expect(none.errors.duration).toBe("Give at least one condition.");
  });

  it("takes what was remembered, as far as it makes sense", () => {
    expect(acceptSnooze({ choice: "day", day: "2026-11-20" })).toMatchObject({ choice: "day", day: "" });
    expect(acceptSnooze({ choice: "users", users: "9" })).toMatchObject({ choice: "users", users: "9" });
    expect(acceptSnooze({ choice: "never", window: { value: 3, unit: "years" } })).toEqual(SNOOZE_DEFAULTS);
    expect(acceptSnooze("junk")).toBeNull();
  });
});

describe("an issue that was just changed", () => {
  const row = {
    status: "resolved",
    substatus: null,
    assignee: "user:7",
    inbox_reason: null,
  } as IssueRow;

  it("has left when a plain term says so, and why", () => {
    expect(whyLeft("is:unresolved")(row)).toBe("now resolved");
    expect(whyLeft('level:error tags[os]:"a b" time out is:unresolved')(row)).toBe("now resolved");
    expect(whyLeft("!is:resolved")(row)).toBe("now resolved");
    expect(whyLeft("is:unassigned AND is:resolved")(row)).toBe("now assigned");
    expect(whyLeft("is:for_review")(row)).toBe("now reviewed");
    expect(whyLeft("is:new")({ ...row, status: "unresolved", substatus: "escalating" })).toBe(
      "now escalating",
    );
    expect(whyLeft("is:assigned")({ ...row, assignee: null })).toBe("now nobody’s");
  });

  it("stays where the query still holds or cannot be judged here", () => {
    for (const query of [
      "",
      "is:resolved",
      "is:assigned level:error",
      "is:linked",
      "is:unresolved OR level:error",
      "NOT is:resolved",
      "(is:unresolved)",
      "is:[unresolved, resolved]",
      '"is:unresolved"',
    ]) {
      expect([query, whyLeft(query)(row)]).toEqual([query, null]);
    }
  });
});
