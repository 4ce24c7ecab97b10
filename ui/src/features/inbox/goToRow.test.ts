import { describe, expect, it } from "vitest";
import { createFixtureHost } from "@/ipc/fixture";
import { readGoal, rowAtTime } from "./goToRow";

const NOW = Date.UTC(2026, 10, 20, 14, 30);

describe("where to go", () => {
  it("is a row, a share, a time or an issue", () => {
    expect(readGoal("512", NOW)).toEqual({ kind: "row", index: 511 });
    expect(readGoal("0", NOW)).toEqual({ kind: "row", index: 0 });
    expect(readGoal(" 50 % ", NOW)).toEqual({ kind: "share", share: 0.5 });
    expect(readGoal("400%", NOW)).toEqual({ kind: "share", share: 1 });
    expect(readGoal("3d", NOW)).toEqual({ kind: "time", at: NOW - 3 * 86_400_000 });
    expect(readGoal("2026-11-20 14:30", NOW)).toEqual({
      kind: "time",
      at: new Date(2026, 10, 20, 14, 30).getTime(),
    });
    expect(readGoal("mobile-app-1a", NOW)).toEqual({ kind: "issue", shortId: "MOBILE-APP-1A" });
  });

  it("is nothing else", () => {
    for (const text of ["", "what", "-3", "2026-13-45", "1.5.2"]) expect(readGoal(text, NOW)).toBeNull();
  });
});

const NEWEST = { by: "last_seen", ascending: false } as const;

describe("the row at a time", () => {
  it("is the first one that is not newer", async () => {
    const host = createFixtureHost({ issues: 700, now: () => NOW });
    const { ids } = await host.issueSnapshot("", "last_seen");
    const times = (await Promise.all(ids.map((id) => host.issueRows([id])))).map(
      ([row]) => row?.last_seen ?? 0,
    );
    for (const at of [NOW, NOW - 86_400_000, NOW - 20 * 86_400_000]) {
      expect(await rowAtTime(host, ids, NEWEST, at)).toBe(times.findIndex((time) => time <= at));
    }
    expect(await rowAtTime(host, ids, NEWEST, 0)).toBe(699);
  });

  it("is the first one that is not older where the oldest come first", async () => {
    const host = createFixtureHost({ issues: 700, now: () => NOW });
    const { ids } = await host.issueSnapshot("", "first_seen:asc,events");
    const times = (await Promise.all(ids.map((id) => host.issueRows([id])))).map(
      ([row]) => row?.first_seen ?? 0,
    );
    const oldest = { by: "first_seen", ascending: true } as const;
    for (const at of [NOW - 86_400_000, NOW - 20 * 86_400_000, 0]) {
      expect(await rowAtTime(host, ids, oldest, at)).toBe(times.findIndex((time) => time >= at));
    }
  });

  it("passes over rows that are gone", async () => {
    const host = createFixtureHost({ issues: 200, now: () => NOW });
    const { ids } = await host.issueSnapshot("", "last_seen");
    for (let i = 40; i < 160; i += 1) host.store.gone.add(host.store.indexOf(ids[i] as string) ?? 0);
    expect(await rowAtTime(host, ids, NEWEST, 0)).toBe(199);
    expect(await rowAtTime(host, ids, NEWEST, NOW)).toBe(0);
  });
});
