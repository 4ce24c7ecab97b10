import { describe, expect, it } from "vitest";
import type { Activity, IssueDetail, IssueRow } from "@/ipc";
import { createFixtureHost, HISTORY_INDEX } from "@/ipc/fixture";
import { PEOPLE } from "@/ipc/fixture/people";
import { activityText } from "./activityText";
import { reviewText, stateText } from "./stateText";

const say = (kind: string, data: unknown = null, actor: string | null = null) =>
  activityText({ kind, at: 0, actor, data: JSON.stringify(data) } as Activity, PEOPLE).sentence;

describe("an entry of the history", () => {
  it.each([
    ["SET_RESOLVED", {}, "ana", "ana resolved it"],
    ["SET_RESOLVED", null, null, "Picket resolved it"],
    ["SET_RESOLVED_IN_RELEASE", { version: "app@2.0" }, "ana", "ana resolved it in app@2.0"],
    ["SET_RESOLVED_IN_RELEASE", { version: "" }, "ana", "ana resolved it in the next release"],
    [
      "SET_RESOLVED_IN_RELEASE",
      { version: "", current_release_version: "2.0" },
      "ana",
      "ana resolved it in the next release, the one after 2.0",
    ],
    ["SET_RESOLVED_IN_COMMIT", { commit: "4f1d" }, "ana", "ana resolved it in commit 4f1d"],
    ["SET_RESOLVED_BY_AGE", { age: 336 }, null, "Picket resolved it, because it was not seen for 14 days"],
    ["SET_UNRESOLVED", {}, "ana", "ana unresolved it"],
    ["SET_UNRESOLVED", null, null, "It is unresolved again, because the time of its archive is over"],
    [
      "SET_UNRESOLVED",
      { event_id: "a" },
      null,
      "It is unresolved again, because the condition of its archive was met",
    ],
    ["SET_IGNORED", { ignoreUntilEscalating: true }, "ana", "ana archived it until it escalates"],
    ["SET_IGNORED", { ignoreUntilEscalating: null }, "ana", "ana archived it forever"],
    ["SET_IGNORED", null, null, "Picket archived it forever"],
    ["SET_IGNORED", { ignoreCount: 3 }, "ana", "ana archived it until it is seen 3 more times"],
    ["SET_IGNORED", { ignoreDuration: 30 }, "ana", "ana archived it for 30 minutes"],
    [
      "SET_IGNORED",
      { ignoreUserCount: 5, ignoreUserWindow: 60 },
      "ana",
      "ana archived it until 5 users are affected within 1 hour",
    ],
    ["SET_REGRESSION", { version: "" }, null, "It came back"],
    [
      "SET_REGRESSION",
      { version: "2.1", resolved_in_version: "2.0" },
      null,
      "It came back in 2.1, although it was resolved in 2.0",
    ],
    ["SET_ESCALATING", null, null, "It escalates"],
    [
      "SET_ESCALATING",
      { forecast: 36 },
      null,
      "It escalates: more than the 36 events an hour that were forecast",
    ],
    [
      "SET_ESCALATING",
      { expired_snooze: { count: 3 } },
      null,
      "It escalates: it was seen 3 times while archived",
    ],
    ["AUTO_SET_ONGOING", { after_days: 7 }, null, "It is ongoing, after 7 days"],
    ["AUTO_SET_ONGOING", { manually: true }, null, "It is ongoing, because it was reviewed"],
    [
      "SET_PRIORITY",
      { priority: "high", reason: "escalating" },
      null,
      "Priority raised to high, because it escalates",
    ],
    [
      "SET_PRIORITY",
      { priority: "low", reason: "ongoing" },
      null,
      "Priority back to low, because it is ongoing",
    ],
    ["SET_PRIORITY", { priority: "low", reason: null }, "ana", "ana set the priority to low"],
    ["ASSIGNED", { assignee: "8", assigneeType: "user" }, "ana", "ana assigned it to ben"],
    ["ASSIGNED", { assignee: "3", assigneeType: "team" }, "ana", "ana assigned it to #core"],
    [
      "ASSIGNED",
      { assignee: "99", assigneeType: "user", assigneeEmail: "old@example.com" },
      null,
      "Picket assigned it to old@example.com",
    ],
    ["UNASSIGNED", null, "ana", "ana unassigned it"],
    ["MARK_REVIEWED", null, "ana", "ana marked it as reviewed"],
    ["MERGE", { issues: [{}, {}] }, "ana", "ana merged 2 issues into it"],
    ["FIRST_SEEN", { priority: "medium" }, null, "First seen, with priority medium"],
    ["FIRST_SEEN", { priority: null }, null, "First seen"],
    ["SOMETHING_NEW", { a: 1 }, null, "something new"],
  ])("%s %j by %s", (kind, data, actor, sentence) => {
    expect(say(kind, data, actor)).toBe(sentence);
  });

  it("keeps a note as it was written, and survives broken data", () => {
    const note = { kind: "NOTE", at: 0, actor: "ana", data: '{"text":"a\\nb"}' };
    expect(activityText(note, PEOPLE)).toMatchObject({ sentence: "ana wrote a note", body: "a\nb" });
    expect(activityText({ ...note, kind: "SET_IGNORED", data: "{" }, undefined).sentence).toBe(
      "ana archived it forever",
    );
  });

  it("has words for everything the fixture shows", async () => {
    const host = createFixtureHost({ issues: 20 });
    const history = await host.issueActivities(host.store.id(HISTORY_INDEX), 100);
    const kinds = new Set(history.map((activity) => activity.kind));
    expect(kinds.size).toBe(16);
    for (const activity of history) {
      expect(activityText(activity, PEOPLE).sentence).not.toBe(
        activity.kind.toLowerCase().replaceAll("_", " "),
      );
    }
  });
});

describe("what a status means", () => {
  const now = Date.UTC(2026, 10, 20, 14, 30);
  const HOUR = 3_600_000;
  const row = (status: string, substatus: string | null) =>
    ({ status, substatus, inbox_reason: null }) as IssueRow;
  const nothing = { snooze: null, resolution: null, resolved_at: null, forecast: null, inbox: null };
  const detail = (parts: object) => ({ ...nothing, ...parts }) as IssueDetail;
  const text = (of: IssueRow, parts?: object) => {
    const { lead, rest } = stateText(of, parts && detail(parts), now);
    return `${lead} ${rest}`.trim();
  };
  const snooze = (parts: object) => ({
    snooze: {
      until: null,
      count: null,
      window_minutes: null,
      user_count: null,
      user_window_minutes: null,
      ...parts,
    },
  });

  it("is said for each of them, also before the rest is read", () => {
    expect(text(row("unresolved", "new"))).toMatch(/^New\./);
    expect(text(row("unresolved", "escalating"))).toMatch(/^Escalating:/);
    expect(text(row("unresolved", "regressed"))).toMatch(/^Regressed:/);
    expect(text(row("unresolved", null))).toBe("Ongoing.");
    expect(text(row("resolved", null))).toBe("Resolved.");
    expect(text(row("ignored", "archived_forever"))).toMatch(/^Archived forever\./);
    expect(text(row("ignored", "archived_until_escalating"))).toBe("Archived until it escalates.");
    expect(text(row("ignored", "archived_until_condition_met"))).toBe("Archived until a condition is met.");
  });

  it("says where a resolution ends", () => {
    const resolution = { release: "2.0", kind: "in_release", status: "resolved" };
    const resolved = row("resolved", null);
    expect(text(resolved, { resolved_at: now - 3 * HOUR })).toBe(
      "Resolved 3 h ago. It comes back with the next event.",
    );
    expect(text(resolved, { resolution })).toBe(
      "Resolved in 2.0. It comes back when it is seen in 2.0 or later.",
    );
    expect(
      text(resolved, { resolution: { ...resolution, kind: "in_next_release", status: "pending" } }),
    ).toBe("Resolved in the release after 2.0. That release has not appeared yet.");
  });

  it("says what ends an archive and what is left", () => {
    const condition = row("ignored", "archived_until_condition_met");
    expect(text(condition, snooze({ until: now + 26 * HOUR + 5 * 60_000 }))).toMatch(
      /^Archived until .* \(1 d 2 h left\)\.$/,
    );
    expect(text(condition, snooze({ until: now - 1 }))).toContain("over, ends within minutes");
    expect(text(condition, snooze({ count: 3 }))).toBe("Archived until it is seen 3 more times.");
    expect(text(condition, snooze({ count: 9, window_minutes: 60, user_count: 2 }))).toBe(
      "Archived until it is seen 9 times within 1 hour or 2 more users are affected.",
    );
    expect(text(row("ignored", "archived_until_escalating"), { forecast: 36 })).toBe(
      "Archived until it escalates. Today that is more than 36 events an hour.",
    );
  });

  it("says why it waits for review", () => {
    const waits = { ...row("unresolved", "new"), inbox_reason: "new" };
    expect(reviewText(row("unresolved", "new"), undefined, now)).toBeNull();
    expect(reviewText(waits, undefined, now)).toBe("Waits for review, because it is new.");
    const inbox = { reason: "new", since: now - 2 * HOUR };
    expect(reviewText(waits, detail({ inbox }), now)).toBe("Waits for review for 2 h, because it is new.");
  });
});
