import { describe, expect, it } from "vitest";
import type { ShownList } from "@/features/inbox/inboxMemory";
import { countOf, IssueSelection, isAll, pickedOf, toSelection } from "./selection";

const list = (ids: string[], total = ids.length, query = "is:unresolved"): ShownList => ({
  query,
  sort: "last_seen",
  grouping: null,
  snapshot: { revision: "7", total, ids, groups: [], list: "3", took_ms: 1 },
});
const IDS = ["a", "b", "c", "d", "e", "f"];
const selected = (selection: IssueSelection, ids = IDS) => ids.filter((id) => selection.has(id)).join("");

describe("some issues", () => {
  it("are toggled one by one, until none is left", () => {
    const selection = new IssueSelection();
    selection.toggle("b");
    selection.toggle("d");
    expect(selected(selection)).toBe("bd");
    expect(toSelection(selection.picked.get())).toEqual({ kind: "some", ids: ["b", "d"] });
    selection.toggle("b");
    selection.toggle("d");
    expect(selection.picked.get().kind).toBe("none");
    expect(toSelection(selection.picked.get())).toBeNull();
  });

  it("are a range from the anchor, in either direction", () => {
    const selection = new IssueSelection();
    selection.toggle("c");
    selection.rangeTo(IDS, 4);
    expect(selected(selection)).toBe("cde");
    selection.rangeTo(IDS, 0);
    expect(selected(selection)).toBe("abc");
  });

  it("keep what was selected before the range began", () => {
    const selection = new IssueSelection();
    selection.toggle("a");
    selection.toggle("d");
    selection.rangeTo(IDS, 5);
    selection.rangeTo(IDS, 4);
    expect(selected(selection)).toBe("ade");
  });

  it("grow and shrink with the cursor", () => {
    const selection = new IssueSelection();
    selection.extend(IDS, 1, 2);
    selection.extend(IDS, 2, 3);
    expect(selected(selection)).toBe("bcd");
    selection.extend(IDS, 3, 2);
    expect(selected(selection)).toBe("bc");
    // The cursor was moved without selecting; the next range begins where it is.
    selection.extend(IDS, 4, 5);
    expect(selected(selection)).toBe("bcef");
  });

  it("leave the anchor where it is when a row is added by Mod+click", () => {
    const selection = new IssueSelection();
    selection.toggle("b");
    selection.toggle("f", false);
    selection.rangeTo(IDS, 2);
    expect(selected(selection)).toBe("bc");
  });
});

describe("everything of a query", () => {
  it("counts what the list cannot hold, minus exceptions", () => {
    const selection = new IssueSelection();
    selection.all(list(IDS, 12_431), 0);
    selection.toggle("b");
    expect(countOf(selection.picked.get())).toBe(12_430);
    expect(toSelection(selection.picked.get())).toEqual({
      kind: "query",
      query: "is:unresolved",
      as_of: "7",
      list: "3",
      except: ["b"],
    });
    selection.toggle("b");
    expect(countOf(selection.picked.get())).toBe(12_431);
  });

  it("leaves out what came to match later", () => {
    const selection = new IssueSelection();
    selection.all(list(IDS), 0);
    expect(selection.has("late")).toBe(false);
    selection.toggle("late");
    expect(countOf(selection.picked.get())).toBe(7);
    expect(selection.picked.get().kind).toBe("some");
  });

  it("is what remains after an inversion", () => {
    const selection = new IssueSelection();
    selection.toggle("a");
    selection.invert(list(IDS), 0);
    expect(selected(selection)).toBe("bcdef");
    selection.invert(list(IDS), 0);
    expect(selected(selection)).toBe("a");
    selection.all(list(IDS), 0);
    selection.invert(list(IDS), 0);
    expect(selection.picked.get().kind).toBe("none");
  });

  it("inverts to what came since and to what was left out, but not to what has gone", () => {
    const selection = new IssueSelection();
    selection.all(list(IDS), 0);
    selection.toggle("b");
    selection.toggle("c");
    selection.invert(list(["x", "a", "c", "d", "e", "f"]), 0);
    expect(toSelection(selection.picked.get())).toEqual({ kind: "some", ids: ["x", "c"] });
  });

  it("inverts in another list to what is not selected there", () => {
    const selection = new IssueSelection();
    selection.all(list(IDS), 0);
    const other = ["d", "y", "z"];
    selection.invert(list(other, 3, "is:resolved"), 0);
    expect(toSelection(selection.picked.get())).toEqual({ kind: "some", ids: ["y", "z"] });
  });

  it("becomes its ids once they were changed, and nothing where they are not all known", () => {
    const selection = new IssueSelection();
    const all = list(IDS);
    selection.all(all, 0);
    selection.toggle("c");
    expect(selection.settle(all)).toBe(true);
    expect(toSelection(selection.picked.get())).toEqual({ kind: "some", ids: ["a", "b", "d", "e", "f"] });
    const capped = list(IDS, 100);
    selection.all(capped, 0);
    expect(selection.settle(capped)).toBe(false);
    expect(selection.picked.get().kind).toBe("none");
  });

  it("stays as it is where the issues of another list were changed or removed", () => {
    const selection = new IssueSelection();
    selection.all(list(IDS), 0);
    const before = selection.picked.get();
    expect(selection.settle(list(IDS))).toBe(true);
    selection.removed(list(IDS), () => true);
    expect(selection.picked.get()).toBe(before);
  });

  it("of nothing selects nothing", () => {
    const selection = new IssueSelection();
    selection.all(list([]), 0);
    expect(selection.picked.get().kind).toBe("none");
  });
});

describe("the whole list", () => {
  const whole = (selection: IssueSelection, shown: ShownList) =>
    isAll(selection.picked.get(), shown.snapshot);

  it("is selected where each of its issues is, also one by one", () => {
    const selection = new IssueSelection();
    const shown = list(["a", "b"]);
    selection.toggle("a");
    expect(whole(selection, shown)).toBe(false);
    selection.toggle("b");
    expect(whole(selection, shown)).toBe(true);
    selection.all(shown, 0);
    expect(whole(selection, shown)).toBe(true);
    selection.toggle("a");
    expect(whole(selection, shown)).toBe(false);
  });

  it("is not selected where as many were that it had before", () => {
    const selection = new IssueSelection();
    selection.all(list(["a", "b"]), 0);
    expect(whole(selection, list(["b", "c"]))).toBe(false);
    expect(whole(selection, list([]))).toBe(false);
    const capped = list(IDS, 100);
    selection.all(capped, 0);
    expect(whole(selection, list(IDS, 100))).toBe(true);
  });
});

describe("clearing", () => {
  it("can be taken back until something else is selected", () => {
    const selection = new IssueSelection();
    selection.toggle("a");
    selection.clear();
    expect(selection.restorable).toBe(true);
    selection.restore();
    expect(selected(selection)).toBe("a");
    expect(selection.restorable).toBe(false);
    selection.clear();
    selection.toggle("b");
    expect(selection.restorable).toBe(false);
  });

  it("happens with another query, unless the selection is pinned", () => {
    const selection = new IssueSelection();
    selection.toggle("a");
    selection.pinned.set(true);
    selection.queryChanged();
    expect(selected(selection)).toBe("a");
    selection.pinned.set(false);
    selection.queryChanged();
    expect(selected(selection)).toBe("");
    // It was not asked for, so taking back is about something else.
    expect(selection.restorable).toBe(false);
  });

  it("drops what no longer exists and says which those were", () => {
    const selection = new IssueSelection();
    selection.toggle("a");
    selection.toggle("b");
    expect(selection.drop(["b", "z"])).toEqual(["b"]);
    expect(selected(selection)).toBe("a");
  });
});

describe("a removal", () => {
  it("of a whole list takes all out of the selection, also where some had left it meanwhile", () => {
    const selection = new IssueSelection();
    const all = list(IDS);
    selection.all(all, 0);
    selection.drop(["a", "b"]);
    selection.removed(all, () => true);
    expect(selection.picked.get().kind).toBe("none");
    const capped = list(IDS, 100);
    selection.all(capped, 0);
    selection.removed(capped, () => true);
    expect(selection.picked.get().kind).toBe("none");
  });

  it("leaves what it was not about", () => {
    const selection = new IssueSelection();
    const all = list(IDS);
    selection.all(all, 0);
    // It was left out when the removal began, and selected after all while it went on.
    selection.removed(all, (id) => id !== "d");
    expect(selected(selection)).toBe("d");
    selection.only(["a", "d", "f"]);
    selection.removed(all, (id) => id !== "d");
    expect(selected(selection)).toBe("d");
  });

  it("knows what is leaving for as long as it goes on, beside another one", () => {
    const selection = new IssueSelection();
    const isA = (id: string) => id === "a";
    const ends = [selection.removing(isA), selection.removing(isA)];
    expect([selection.isLeaving("a"), selection.isLeaving("b")]).toEqual([true, false]);
    ends[0]?.();
    expect(selection.isLeaving("a")).toBe(true);
    ends[1]?.();
    expect(selection.isLeaving("a")).toBe(false);
  });

  it("is not undone by the range that is drawn on", () => {
    const selection = new IssueSelection();
    selection.toggle("a");
    selection.toggle("c");
    selection.drop(["a"]);
    selection.rangeTo(IDS, 3);
    expect(selected(selection)).toBe("cd");
  });
});

describe("a part of the list", () => {
  it("is selected as a whole, or taken out where all of it is selected", () => {
    const selection = new IssueSelection();
    selection.toggle("c");
    selection.togglePart(IDS, 1, 4);
    expect([selected(selection), selection.count]).toEqual(["bcd", 3]);
    selection.togglePart(IDS, 1, 4);
    expect(selection.count).toBe(0);
  });

  it("is left out of a query, and taken in again", () => {
    const selection = new IssueSelection();
    selection.all(list(IDS, 9), 0);
    selection.togglePart(IDS, 0, 2);
    expect([selected(selection), selection.count]).toEqual(["cdef", 7]);
    selection.togglePart(IDS, 0, 2);
    expect([selected(selection), selection.count]).toEqual(["abcdef", 9]);
  });

  it("is looked at again in a list that was read again", () => {
    const selection = new IssueSelection();
    selection.togglePart(IDS, 0, 2);
    expect(pickedOf(selection.picked.get(), IDS, 0, 2)).toBe("all");
    expect(pickedOf(selection.picked.get(), ["a", "x", "b", "c", "d", "e"], 0, 2)).toBe("some");
  });

  it("says how much of it is selected", () => {
    const selection = new IssueSelection();
    const picks = () =>
      [0, 2, 4].map((start) => pickedOf(selection.picked.get(), IDS, start, start + 2)).join(" ");
    expect(picks()).toBe("none none none");
    selection.togglePart(IDS, 1, 4);
    expect(picks()).toBe("some all none");
    selection.all(list(IDS), 0);
    expect(picks()).toBe("all all all");
    selection.toggle("f");
    expect(picks()).toBe("all all some");
  });
});
