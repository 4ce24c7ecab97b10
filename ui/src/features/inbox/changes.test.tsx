import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Host, IssueChange } from "@/ipc";
import type { FixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { findList, NOW, press, renderApp } from "@/test/renderApp";
import type { ShownList } from "./inboxMemory";
import { countingOf } from "./usePending";

const pill = () => screen.findByTestId(testIds.pendingUpdates);

/** Changes an issue as another window would. */
const changeElsewhere = (host: FixtureHost, id: string, change: IssueChange) =>
  act(async () => {
    await host.bulkChange({ kind: "some", ids: [id] }, change, () => undefined);
  });

describe("what waits to be applied", () => {
  it("says of one that came and one that left both, though the sum stays the same", async () => {
    const { host, services } = await renderApp({ at: "/inbox?q=is:unresolved", issues: 4_000 });
    await findList();
    const ids = services.inbox.list.get()?.snapshot.ids ?? [];
    const { ids: others } = await host.issueSnapshot("is:resolved", "last_seen");
    // Longer than what could be read anew each time.
    expect(ids.length).toBeGreaterThan(1_000);
    const [came, left] = [others[0] as string, ids[1] as string];
    await changeElsewhere(host, left, { kind: "resolve" });
    await changeElsewhere(host, came, { kind: "unresolve" });
    await waitFor(async () => expect((await pill()).dataset).toMatchObject({ added: "1", left: "1" }));
    expect((await pill()).textContent).toMatch(/1 new.*1 left/);
    press(".");
    await waitFor(() => expect(services.inbox.list.get()?.snapshot.ids).toContain(came));
    expect(services.inbox.list.get()?.snapshot.ids).not.toContain(left);
  });

  it("has what ages out of the time of a search, without a change of the store", async () => {
    const ticks: (() => void)[] = [];
    const { setInterval: usual } = window;
    vi.spyOn(globalThis, "setInterval").mockImplementation(((run: () => void, ms?: number) => {
      if (ms === 60_000) ticks.push(run);
      return usual(run, ms);
    }) as typeof setInterval);
    let now = NOW;
    const { services } = await renderApp({ at: "/inbox?q=last_seen:-24h", now: () => now });
    await findList();
    const before = services.inbox.list.get()?.snapshot.total ?? 0;
    expect(ticks.length).toBeGreaterThan(0);
    now = NOW + 3 * 3_600_000;
    expect(screen.queryByTestId(testIds.pendingUpdates)).toBeNull();
    // A window that nobody sees asks for nothing.
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    act(() => ticks.at(-1)?.());
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(screen.queryByTestId(testIds.pendingUpdates)).toBeNull();
    hidden.mockReturnValue(false);
    act(() => ticks.at(-1)?.());
    const left = Number((await pill()).dataset.left);
    expect(left).toBeGreaterThan(0);
    press(".");
    await waitFor(() => expect(services.inbox.list.get()?.snapshot.total).toBe(before - left));
  });

  it("is counted once a minute only where time alone changes the list", async () => {
    const every = vi.spyOn(globalThis, "setInterval");
    await renderApp({ at: "/inbox?q=last_seen:>2026-01-01" });
    await findList();
    expect(every.mock.calls.filter(([, ms]) => ms === 60_000)).toEqual([]);
  });
});

describe("counting what has changed", () => {
  afterEach(() => void vi.useRealTimers());

  const shown: ShownList = {
    query: "is:unresolved",
    sort: "last_seen",
    grouping: null,
    snapshot: { revision: "7", list: "3", total: 5, ids: [], groups: [], took_ms: 1 },
  };
  const none = { revision: "8", added: 0, changed: 0, left: 0 };

  /** A store that takes so long for each answer. */
  const slow = (ms: number, signals: AbortSignal[] = []) =>
    vi.fn<Host["issueChanges"]>((_query, _snapshot, signal) => {
      if (signal) signals.push(signal);
      return new Promise((resolve) => setTimeout(() => resolve(none), ms));
    });

  it("names the list and leaves the store nine times as long to others", async () => {
    vi.useFakeTimers();
    const issueChanges = slow(500);
    const told = vi.fn();
    const { count } = countingOf({ issueChanges }, shown, told);
    count();
    expect(issueChanges.mock.lastCall?.slice(0, 2)).toEqual([
      "is:unresolved",
      { revision: "7", total: 5, list: "3" },
    ]);
    for (let time = 0; time < 20; time += 1) {
      await vi.advanceTimersByTimeAsync(250);
      count();
    }
    // Five seconds: asked at the start, and again when these are over.
    expect(told).toHaveBeenCalledTimes(1);
    expect(issueChanges).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toHaveBeenCalledTimes(2);
    // The store changed while it was answering, once more: that is counted, and then nothing is.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(issueChanges).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(issueChanges).toHaveBeenCalledTimes(3);
  });

  it("withdraws its question when the list goes, and asks no more", async () => {
    vi.useFakeTimers();
    const signals: AbortSignal[] = [];
    const issueChanges = slow(500, signals);
    const told = vi.fn();
    const { count, stop } = countingOf({ issueChanges }, shown, told);
    count();
    stop();
    expect(signals[0]?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(600);
    expect(told).not.toHaveBeenCalled();
    count();
    await vi.advanceTimersByTimeAsync(0);
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(issueChanges).toHaveBeenCalledTimes(1);
  });

  it("is asked for again by the next change where it fails", async () => {
    const issueChanges = vi.fn<Host["issueChanges"]>().mockRejectedValueOnce(new Error("busy"));
    issueChanges.mockResolvedValue({ ...none, added: 2 });
    const told = vi.fn();
    const { count } = countingOf({ issueChanges }, shown, told);
    count();
    await waitFor(() => expect(issueChanges).toHaveBeenCalledTimes(1));
    count();
    await waitFor(() => expect(told).toHaveBeenCalledWith({ ...none, added: 2 }));
  });
});
