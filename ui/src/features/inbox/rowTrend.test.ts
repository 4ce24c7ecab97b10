import { describe, expect, it } from "vitest";
import { createFixtureHost } from "@/ipc/fixture";
import { type ListRow, listRows } from "./rowExtras";
import { rowTrend } from "./rowTrend";

const NOW = new Date(2026, 10, 20, 14, 30).getTime();
const DAY = 86_400_000;
const QUERY = "last_seen:-7d";

async function aRow(): Promise<ListRow> {
  const host = createFixtureHost({ issues: 5, now: () => NOW });
  const [id = ""] = (await host.issueSnapshot("", "events")).ids;
  const [row] = await listRows(host, [id], { query: QUERY, sort: "events", columns: [] });
  if (!row?.extras) throw new Error("no row");
  return row;
}

describe("the trend of a row", () => {
  it("is that of the time the search asks for, with the time of each bar", async () => {
    const row = await aRow();
    const bars = Array.from({ length: 24 }, (_, at) => (at === 23 ? 7 : 0));
    const trend = { start: NOW - 24 * DAY, width: DAY, bars };
    const shown = rowTrend({ ...row, extras: { ...row.extras, trend } as ListRow["extras"] });
    expect(shown.counts).toEqual(bars);
    expect(shown.sum).toBe("7 events in the time of this search, 1 d a bar");
    expect(shown.at(0.99, NOW)).toMatch(/^1 d from .*19.*: 7 events$/);
    expect(shown.at(0, NOW)).toMatch(/: 0 events$/);
  });

  it("is that of the last day where nothing else was asked for, and says so where numbers are of another time", async () => {
    const row = await aRow();
    const { counts, sum } = rowTrend({ ...row, question: undefined, extras: undefined });
    expect(counts).toBe(row.trend);
    expect(sum).toMatch(/in the last 24 h$/);
    // The time has no beginning, or what is asked beside the row could not be read.
    const endless = { ...row.extras, in_range: { events: 1, users: 0 } } as ListRow["extras"];
    for (const other of [
      { ...row, extras: endless },
      { ...row, extras: undefined, failed: true as const },
    ]) {
      expect(rowTrend(other).sum).toMatch(/in the last 24 h, whatever time the search asks for$/);
      expect(rowTrend(other).at(0.5, NOW)).toMatch(/whatever time the search asks for$/);
    }
  });
});
