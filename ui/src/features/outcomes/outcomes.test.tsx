import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { HostError } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { press, renderApp } from "@/test/renderApp";
import { stack } from "./outcomeChart";
import { describeHour, fillHours, summarizeOutcomes } from "./outcomeHours";
import { outcomeText, reasonText, reasonWords } from "./reasons";

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 20, 14, 30);

describe("the hours", () => {
  const row = (hour: string, outcome: string, quantity: number) => ({ group: hour, outcome, quantity });
  const hours = fillHours(
    [
      row("2026-11-20T14:00:00Z", "accepted", 90),
      row("2026-11-20T14:00:00Z", "dead_lettered", 10),
      row("2026-11-20T12:00:00Z", "dropped", 4),
      row("2026-11-01T12:00:00Z", "accepted", 999),
      row("2026-11-20T14:00:00Z", "some_other", 7),
      row("no time", "accepted", 7),
    ],
    24,
    now,
  );

  it("have no gaps and nothing from elsewhere", () => {
    expect(hours).toHaveLength(24);
    expect(hours.at(-1)).toEqual({
      start: Math.floor(now / HOUR) * HOUR,
      accepted: 90,
      dropped: 0,
      dead_lettered: 10,
    });
    expect(hours.at(-3)?.dropped).toBe(4);
    expect(hours.reduce((sum, hour) => sum + hour.accepted, 0)).toBe(90);
  });

  it("are stacked from accepted up", () => {
    const [, top, middle, bottom] = stack(hours);
    expect([bottom?.at(-1), middle?.at(-1), top?.at(-1)]).toEqual([90, 90, 100]);
    expect([bottom?.at(-3), middle?.at(-3), top?.at(-3)]).toEqual([0, 4, 4]);
  });

  it("are said in a sentence", () => {
    expect(summarizeOutcomes(hours)).toMatch(
      /^104 records in the last 24 hours; 10 set aside, most in the hour of/,
    );
    expect(summarizeOutcomes(fillHours([], 168, now))).toBe("No records in the last 7 days.");
    const good = fillHours([row("2026-11-20T14:00:00Z", "accepted", 1)], 24, now);
    expect(summarizeOutcomes(good)).toBe("1 record in the last 24 hours, none set aside.");
    expect(describeHour(hours.at(-1) as (typeof hours)[number])).toBe("90 accepted, 0 dropped, 10 set aside");
  });
});

describe("reasons", () => {
  it("have words, a meaning and a fix", () => {
    expect(reasonText("invalid_json")).toBe("invalid JSON");
    expect(reasonWords("rate_limited").fix).toContain("quota");
    expect(reasonText("never_heard_of")).toBe("never heard of");
    expect(reasonWords("never_heard_of").why).toContain("does not know");
    expect(outcomeText("dead_lettered")).toBe("set aside");
    expect(outcomeText("new_kind")).toBe("new kind");
  });
});

describe("the outcomes tab", () => {
  it("is reached by key and explains every reason that occurs", async () => {
    const { host, router } = await renderApp();
    press("g");
    press("o");
    await waitFor(() => expect(router.state.location.search).toEqual({ tab: "outcomes" }));
    const lines = await screen.findAllByTestId(testIds.outcomeRow);
    const rows = await host.outcomes("reason");
    expect(lines).toHaveLength(rows.length);
    for (const line of lines) {
      expect(reasonWords(line.dataset.reason ?? "").why).not.toContain("does not know");
      const row = rows.find(
        (other) => other.group === line.dataset.reason && other.outcome === line.dataset.outcome,
      );
      expect(line.dataset.quantity).toBe(String(row?.quantity));
    }
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("reads the bars with the arrow keys, and as a table", async () => {
    await renderApp({ at: "/dead-letters?tab=outcomes" });
    const chart = await screen.findByTestId(testIds.outcomeChart);
    chart.focus();
    fireEvent.keyDown(chart, { key: "ArrowLeft" });
    expect(screen.getByText(/: \d+ accepted, \d+ dropped, \d+ set aside/)).toBeTruthy();
    press("t");
    expect(await screen.findByRole("columnheader", { name: "Hour" })).toBeTruthy();
    expect(screen.queryByTestId(testIds.outcomeChart)).toBeNull();
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByRole("radio", { name: "24 h" }));
    expect(await screen.findByText(/in the last 24 hours/)).toBeTruthy();
  });

  it("leads from a reason to its letters and back", async () => {
    const { router } = await renderApp({ at: "/dead-letters?tab=outcomes" });
    fireEvent.click(await screen.findByRole("link", { name: "invalid payload" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ reason: "invalid_payload" }));
    fireEvent.click(screen.getByTestId(testIds.deadLetterTab("outcomes")));
    expect((await screen.findAllByTestId(testIds.outcomeRow)).length).toBeGreaterThan(3);
  });

  it("says that nothing was read yet, and what failed", async () => {
    const { host, unmount } = await renderApp({ at: "/dead-letters?tab=outcomes", issues: 0 });
    expect(await screen.findByText("No record has been read yet")).toBeTruthy();
    host.outcomes = () =>
      Promise.reject(
        new HostError({ code: "store_unavailable", message: "No answer.", detail: null, retryable: true }),
      );
    unmount();
    const second = await renderApp({ at: "/inbox?q=" });
    second.host.outcomes = host.outcomes;
    press("g");
    press("o");
    expect(await screen.findByText("No answer.")).toBeTruthy();
  });
});
