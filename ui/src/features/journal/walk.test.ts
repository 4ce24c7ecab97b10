import { describe, expect, it } from "vitest";
import type { JournalEntry } from "@/ipc";
import { nextRedo, nextUndo, whyNot } from "./walk";

let next = 1;
const entry = (
  state: JournalEntry["state"],
  undoes: string | null = null,
  is_undo = undoes !== null,
): JournalEntry => ({
  id: String(next++),
  at: 0,
  actor: "ana",
  title: "Resolved 1 issue",
  issues: 1,
  state,
  undo_until: null,
  examples: [],
  undoes,
  is_undo,
  query: null,
  took_ms: null,
  automatic: false,
});

describe("walking the journal", () => {
  it("goes back change by change", () => {
    const a = entry("done");
    const b = entry("undone");
    const undoB = entry("done", b.id);
    expect(nextUndo([undoB, b, a])).toBe(a);
    expect(nextRedo([undoB, b, a])).toBe(undoB);
  });

  it("does again in the order in which it took back", () => {
    const a = entry("undone");
    const b = entry("undone");
    const undoB = entry("done", b.id);
    const undoA = entry("done", a.id);
    expect(nextRedo([undoA, undoB, b, a])).toBe(undoA);
    const undoneA = { ...undoA, state: "undone" as const };
    const redoA = entry("done", undoA.id, false);
    expect(nextRedo([redoA, undoneA, undoB, b, a])).toBe(undoB);
    expect(nextUndo([redoA, undoneA, undoB, b, a])).toBe(redoA);
  });

  it("forgets what could be done again once something else is changed", () => {
    const a = entry("undone");
    const undoA = entry("done", a.id);
    const b = entry("done");
    expect(nextRedo([b, undoA, a])).toBeNull();
    expect(nextUndo([b, undoA, a])).toBe(b);
  });

  it("finds nothing in an empty or erased journal", () => {
    expect(nextUndo([])).toBeNull();
    expect(nextRedo([])).toBeNull();
    expect(nextUndo([entry("purged")])).toBeNull();
  });

  it("says why an entry stays", () => {
    expect(whyNot(entry("done"))).toBeNull();
    expect(whyNot(entry("partly_undone"))).toBeNull();
    expect(whyNot(entry("undone"))).toBe("it was taken back");
    expect(whyNot(entry("purged"))).toBe("its data has been erased");
    // Its time is over, but its data is there still.
    expect(whyNot({ ...entry("done"), undo_until: 5 })).toBeNull();
  });
});
