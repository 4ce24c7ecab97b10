import { beforeEach, describe, expect, it, vi } from "vitest";
import { KEPT, TriageMemory } from "./runMemory";
import { currentIssue, decide, endRun, startRun, summarize } from "./triageRun";

const START = 1_000_000;
const STORE = "sqlite:///a.db";

const listOf = (count: number) => ({
  query: "is:unresolved",
  sort: "events" as const,
  grouping: "service" as const,
  snapshot: {
    revision: "7",
    total: count,
    ids: Array.from({ length: count }, (_, at) => String(at + 1)),
    groups: [],
    list: null,
    took_ms: 1,
  },
});

/** A memory in which a run was begun. */
function begun(count: number, from = 0) {
  const memory = new TriageMemory();
  memory.open(STORE);
  memory.set(startRun(listOf(count), "Mine", from, Date.now()));
  return memory;
}

/** Closes the window, and opens the next one on a store some time later. */
function restart(memory: TriageMemory, store = STORE, away = 0) {
  const window = new EventTarget() as unknown as Window;
  memory.keepOn(window);
  window.dispatchEvent(new Event("pagehide"));
  vi.setSystemTime(Date.now() + away);
  const next = new TriageMemory();
  next.open(store);
  return next.get();
}

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ["Date"] });
  return () => vi.useRealTimers();
});

describe("a run that is kept", () => {
  it("comes back with its place, its decisions and its order", () => {
    const memory = begun(4, 1);
    memory.set((run) => run && decide(run, "2", { change: "merge", journal: "31" }, START));
    memory.set((run) => run && decide(run, "3", { change: null, journal: null }, START));
    const run = restart(memory);
    expect(run).toEqual({ ...memory.get(), ids: ["1", "2", "3", "4"] });
    expect(run && currentIssue(run)).toBe("4");
    expect(run && summarize(run)).toEqual({
      done: 1,
      skipped: 1,
      left: 1,
      kinds: [{ words: "merged", count: 1 }],
      journals: ["31"],
    });
  });

  it("does not count the time in which Picket was closed", () => {
    const memory = begun(4);
    vi.setSystemTime(START + 60_000);
    const run = restart(memory, STORE, 3_600_000);
    expect(Date.now() - (run?.startedAt ?? 0)).toBe(60_000);
    const ended = new TriageMemory();
    ended.open(STORE);
    ended.set((now) => now && endRun(now, Date.now()));
    const over = restart(ended, STORE, 5_000);
    expect((over?.endedAt ?? 0) - (over?.startedAt ?? 0)).toBe(60_000);
  });

  it("keeps of a long list the part that lies ahead, and its true length", () => {
    const run = restart(begun(KEPT + 10, 5));
    expect([run?.whole, run?.first, run?.ids.length, run?.ids[0]]).toEqual([false, 0, KEPT, "6"]);
    expect(run?.length).toBe(KEPT + 5);
  });

  it("writes the order once, whatever is decided", () => {
    const memory = begun(4);
    const written = vi.spyOn(Storage.prototype, "setItem");
    restart(memory);
    memory.set((run) => run && decide(run, "1", { change: "resolve", journal: "1" }, START));
    restart(memory);
    const keys = written.mock.calls.map(([key]) => key);
    expect(keys.filter((key) => key === "picket.triage.order").length).toBeLessThanOrEqual(1);
    expect(keys.filter((key) => key === "picket.triage").length).toBeGreaterThanOrEqual(2);
    written.mockRestore();
  });

  it("belongs to its store", () => {
    const memory = begun(4);
    expect(restart(memory, "sqlite:///b.db")).toBeNull();
    expect(restart(memory)).not.toBeNull();
    memory.open("sqlite:///b.db");
    expect(memory.get()).toBeNull();
    memory.open(STORE);
    expect(memory.get()?.length).toBe(4);
  });

  it("is forgotten where it was left", () => {
    const memory = begun(4);
    restart(memory);
    memory.set(null);
    expect(restart(memory)).toBeNull();
    expect(window.localStorage.length).toBe(0);
  });

  it("counts as none where what was kept does not fit together", () => {
    const memory = begun(2);
    memory.set((run) => run && decide(run, "1", { change: "resolve", journal: "1" }, START));
    restart(memory);
    for (const order of ["null", "[]", '{"id":1,"ids":"1 2"}', `{"id":${START},"ids":"x"}`]) {
      window.localStorage.setItem("picket.triage.order", order);
      const next = new TriageMemory();
      next.open(STORE);
      expect(next.get(), order).toBeNull();
    }
  });
});
