import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { IssueChange } from "@/ipc";
import type { FixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { findList, NOW, press, renderApp } from "@/test/renderApp";
import { atLeast, changesById, changesByTime } from "./listChanges";

const pill = () => screen.findByTestId(testIds.pendingUpdates);

/** Changes an issue as another window would. */
const changeElsewhere = (host: FixtureHost, id: string, change: IssueChange) =>
  act(async () => {
    await host.bulkChange({ kind: "some", ids: [id] }, change, () => undefined);
  });

describe("what waits to be applied", () => {
  it("says of one that came and one that left both, though the sum stays the same", async () => {
    const query = "is:unresolved level:fatal";
    const { host, services } = await renderApp({ at: `/inbox?q=${encodeURIComponent(query)}`, issues: 400 });
    await findList();
    const ids = services.inbox.list.get()?.snapshot.ids ?? [];
    const { ids: others } = await host.issueSnapshot("is:resolved level:fatal", "last_seen");
    expect(ids.length).toBeGreaterThan(1);
    const [came, left] = [others[0] as string, ids[1] as string];
    const sums = host.issueChanges;
    const asked: { added: number; left: number }[] = [];
    // As a store counts, which does not know what issues used to be.
    host.issueChanges = async (question, since) => {
      const { revision, changed, ...counted } = await sums(question, since);
      const hidden = Math.min(counted.added, counted.left);
      const answer = {
        revision,
        changed: changed + hidden,
        added: counted.added - hidden,
        left: counted.left - hidden,
      };
      asked.push(answer);
      return answer;
    };
    await changeElsewhere(host, left, { kind: "resolve" });
    await changeElsewhere(host, came, { kind: "unresolve" });
    await waitFor(async () => expect((await pill()).dataset).toMatchObject({ added: "1", left: "1" }));
    expect((await pill()).textContent).toMatch(/1 new.*1 left/);
    expect(asked.at(-1)).toMatchObject({ added: 0, left: 0 });
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

describe("changes of a list", () => {
  it("add up by issue", () => {
    const sums = { added: 1, changed: 3, left: 0 };
    expect(changesById(["a", "b", "c"], ["d", "a", "e"], sums)).toEqual({ added: 2, changed: 2, left: 2 });
    expect(changesById(["a"], ["a"], sums)).toEqual({ added: 0, changed: 4, left: 0 });
    expect(changesById([], [], { added: 0, changed: 0, left: 0 })).toEqual({ added: 0, changed: 0, left: 0 });
  });

  it("are no fewer than were found by issue before", () => {
    const found = { added: 2, changed: 1, left: 2 };
    expect(atLeast({ added: 0, changed: 4, left: 1 }, found)).toEqual({ added: 2, changed: 2, left: 2 });
    expect(atLeast({ added: 5, changed: 4, left: 0 }, found)).toEqual({ added: 5, changed: 4, left: 2 });
    expect(atLeast({ added: 5, changed: 4, left: 0 }, null)).toEqual({ added: 5, changed: 4, left: 0 });
  });

  it("of time alone are what the count has moved by", () => {
    expect(changesByTime(10, 7)).toEqual({ added: 0, changed: 0, left: 3 });
    expect(changesByTime(10, 12)).toEqual({ added: 2, changed: 0, left: 0 });
  });
});
