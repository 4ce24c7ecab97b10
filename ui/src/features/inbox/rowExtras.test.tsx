import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { createFixtureHost } from "@/ipc/fixture";
import { formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { findList, NOW, renderApp } from "@/test/renderApp";
import { eventsWords, extrasQuestion, type ListRow, listRows } from "./rowExtras";
import { sortValue } from "./scrollBubble";

const firstRow = () => screen.getAllByTestId(testIds.issueRow)[0] as HTMLElement;
const cell = (name: string) => firstRow().querySelector<HTMLElement>(`[data-column="${name}"]`);

describe("columns that are read beside the rows", () => {
  it("are asked for only where they are shown, in blocks, and fill in when they are chosen", async () => {
    const app = await renderApp({ at: "/inbox?q=is:unresolved" });
    const asked = vi.spyOn(app.host, "issueExtras");
    await findList();
    await waitFor(() => expect(cell("events")?.textContent).not.toBe(""));
    expect(asked).not.toHaveBeenCalled();
    act(() => app.services.columns.choose(["environment", "last_release", "size", "traces"]));
    await waitFor(() => expect(cell("environment")?.textContent).toMatch(/production/));
    expect(cell("last_release")?.textContent).toMatch(/@2\./);
    expect(cell("size")?.dataset.tip).toMatch(/stored occurrences|estimated by the newest 200/);
    expect(cell("traces")?.textContent).toMatch(/^\d\+?$/);
    expect(asked).toHaveBeenCalledTimes(1);
    const [ids, query, , columns] = asked.mock.calls[0] ?? [];
    expect(ids?.length).toBeGreaterThan(1);
    expect(ids?.length).toBeLessThanOrEqual(200);
    expect(query).toBe("is:unresolved");
    expect(columns).toEqual(["environment", "last_release", "traces", "size"]);
    const head = screen.getByRole("columnheader", { name: /Last in/ });
    expect(within(head).getByText("Last in")).toBeTruthy();
  });

  it("show events and users in the time of the search, and those of the whole life in the tip", async () => {
    const app = await renderApp({ at: "/inbox?q=is:unresolved&sort=trends" });
    const read = app.host.issueExtras;
    vi.spyOn(app.host, "issueExtras").mockImplementation(async (...asked) =>
      (await read(...asked)).map((extras) => ({ ...extras, in_range: { events: 3, users: 1 } })),
    );
    await findList();
    app.services.rows.outdate();
    act(() => app.services.columns.choose(["events", "users", "service"]));
    await waitFor(() => expect(cell("events")?.textContent).toBe("3"));
    expect(cell("events")?.dataset.tip).toMatch(/^3 events in the time of this search; .* events? since /);
    expect(firstRow().getAttribute("aria-label")).toContain(", 3 events in the time of this search, ");
    const id = firstRow().dataset.issueId ?? "";
    const [row] = await app.host.issueRows([id]);
    if (row?.users === null) expect(cell("users")?.textContent).toBe("–");
    else expect(cell("users")?.dataset.tip).toMatch(/^1 user in the time of this search; .* in all$/);
  });

  it("show the score of a row in the order by trend", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=trends" });
    await findList();
    await waitFor(() =>
      expect(firstRow().querySelector("svg[data-tip*='trend score']")?.getAttribute("data-tip")).toMatch(
        /events? in the last 24 h, trend score \d/,
      ),
    );
  });

  it("leave numbers open that could not be read, and are asked for again", async () => {
    const host = createFixtureHost({ issues: 10, now: () => NOW });
    const [id = ""] = (await host.issueSnapshot("", "events")).ids;
    const question = (query: string) => ({ query, sort: "events", columns: ["service"] as const }) as const;
    const answered = vi.spyOn(host, "issueExtras").mockRejectedValue(new Error("away"));
    const read = async (query: string) => (await listRows(host, [id], question(query)))[0] as ListRow;
    const ranged = await read("last_seen:-24h");
    expect(eventsWords(ranged).text).toBe("–");
    expect(eventsWords(ranged).tip).toMatch(/could not be read, and are asked for again; .* events? since/);
    expect(eventsWords(ranged).said).toMatch(/ events? in all$/);
    // Without a time in the search they are those of all time anyway.
    const plain = await read("is:unresolved");
    expect(eventsWords(plain).text).toBe(formatCount(plain.times_seen));
    expect(answered).toHaveBeenCalledTimes(2);
  });

  it("name the top frame in tall rows, without a column for it", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    expect(firstRow().textContent).not.toContain("check_out");
    act(() => preferences.change({ density: "comfortable" }));
    await waitFor(() => expect(firstRow().textContent).toMatch(/check_out · src\/.+\.py:1/));
    expect(cell("frame")).toBeNull();
    act(() => preferences.change({ density: "cosy" }));
  });

  it("are asked for again in a list that stands still", async () => {
    const intervals = vi.spyOn(globalThis, "setInterval");
    const { host, router } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const away = vi.spyOn(host, "issueExtras").mockRejectedValue(new Error("away"));
    await act(() => router.navigate({ to: "/inbox", search: { q: "last_seen:-90d", sort: "last_seen" } }));
    const events = () => firstRow().querySelector("[data-column='events']")?.textContent;
    await waitFor(() => expect(events()).toBe("–"));
    away.mockRestore();
    const later = Date.now() + 60_000;
    const clock = vi.spyOn(Date, "now").mockReturnValue(later);
    try {
      for (const [tick, every] of intervals.mock.calls) if ((every ?? 0) >= 10_000) tick();
      await waitFor(() => expect(events()).not.toBe("–"));
    } finally {
      clock.mockRestore();
      intervals.mockRestore();
    }
  });

  it("say in the bubble and above the column that the order is by all events", async () => {
    const host = createFixtureHost({ issues: 10, now: () => NOW });
    const [id = ""] = (await host.issueSnapshot("", "events")).ids;
    const [row] = await listRows(host, [id], { query: "", sort: "events", columns: ["service"] });
    if (!row?.extras) throw new Error("no extras");
    const ranged = { ...row, extras: { ...row.extras, in_range: { events: 3, users: 1 } } };
    const events = { by: "events", ascending: false } as const;
    expect(sortValue(ranged, events, NOW)).toBe(`${plural(row.times_seen, "event")} in all`);
    expect(sortValue(row, events, NOW)).not.toContain("in all");

    const head = () => screen.getByRole("columnheader", { name: /^Events/ });
    const { router } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    expect(head().dataset.tip).not.toContain("by all events");
    await act(() => router.navigate({ to: "/inbox", search: { q: "last_seen:-90d", sort: "last_seen" } }));
    await waitFor(() => expect(head().dataset.tip).toContain("by all events of an issue"));
  });

  it("ask nothing where rows say everything", () => {
    expect(extrasQuestion("is:unresolved", "last_seen", ["events", "note"])).toBeNull();
    expect(extrasQuestion("", "events,trends", [])?.columns).toEqual([]);
    expect(extrasQuestion("!timestamp:>2026-01-01", "events", [])?.columns).toEqual([]);
    // The trend of a row itself is that of the last day.
    expect(extrasQuestion("last_seen:-7d", "events", ["trend", "size"])?.columns).toEqual(["size", "trend"]);
    expect(extrasQuestion("is:unresolved", "events", ["trend"])).toBeNull();
  });
});
