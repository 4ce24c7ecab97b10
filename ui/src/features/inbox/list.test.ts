import { afterEach, describe, expect, it, vi } from "vitest";
import type { IssueExtras, IssueRow } from "@/ipc";
import { createFixtureHost } from "@/ipc/fixture";
import { carryPlace } from "@/lib/listPlace";
import { IssueRowElement, splitCulprit, splitTitle } from "./issueRowElement";
import { withoutEachTerm } from "./NoMatch";
import type { ExtrasQuestion, ListRow } from "./rowExtras";
import { RowStore } from "./rowStore";
import { TREND, trendIndex, trendPath } from "./trend";

describe("carrying a place", () => {
  const before = ["a", "b", "c", "d"];

  it("keeps the issue and its place on screen", () => {
    const place = carryPlace({ index: 2, issue: "c", topRow: 1 }, before, ["x", "y", ...before]);
    expect(place).toEqual({ index: 4, issue: "c", topRow: 3 });
  });

  it("goes to the next issue when the one under the cursor has left, else to the previous one", () => {
    expect(carryPlace({ index: 1, issue: "b", topRow: 0 }, before, ["a", "c", "d"]).issue).toBe("c");
    expect(carryPlace({ index: 3, issue: "d", topRow: 0 }, before, ["a", "b"]).issue).toBe("b");
  });

  it("falls back to the same index, and to nothing in an empty list", () => {
    expect(carryPlace({ index: 9, issue: "z", topRow: 0 }, [], ["a", "b"]).index).toBe(1);
    expect(carryPlace({ index: 1, issue: "b", topRow: 0 }, before, []).index).toBe(-1);
  });
});

describe("the row store", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const row = (id: string) => ({ id }) as IssueRow;

  it("asks for what is missing, once, and tells who listens", async () => {
    const fetchRows = vi.fn(async (ids: string[]) => ids.filter((id) => id !== "gone").map(row));
    const store = new RowStore(fetchRows);
    const heard = vi.fn();
    store.subscribe(heard);
    store.want(["a", "gone"]);
    store.want(["a", "gone"]);
    await vi.waitFor(() => expect(heard).toHaveBeenCalled());
    store.want(["a", "gone"]);
    expect(fetchRows).toHaveBeenCalledTimes(1);
    expect(store.get("a")).toEqual(row("a"));
    expect(store.isGone("gone")).toBe(true);
  });

  it("drops wishes for places that were scrolled past", async () => {
    const asked: string[][] = [];
    const store = new RowStore(async (ids) => {
      asked.push(ids);
      return ids.map(row);
    });
    for (let i = 0; i < 30; i += 1) store.want([`row ${i}`]);
    await vi.waitFor(() => expect(asked.length).toBe(6));
    expect(asked.flat()).toEqual(["row 0", "row 1", "row 29", "row 28", "row 27", "row 26"]);
    expect(store.get("row 10")).toBeUndefined();
  });

  it("keeps what may be old and asks for it again once it is wanted", async () => {
    let reading = 0;
    const waiting: (() => void)[] = [];
    const store = new RowStore(async (ids) => {
      reading += 1;
      const times_seen = reading;
      await new Promise<void>((done) => waiting.push(done));
      return ids.map((id) => ({ id, times_seen }) as IssueRow);
    });
    const answer = async () => {
      waiting.shift()?.();
      await new Promise((done) => setTimeout(done, 0));
    };
    store.want(["1"]);
    await answer();
    store.want(["1"]);
    expect(reading).toBe(1);
    store.outdate();
    expect(store.get("1")?.times_seen).toBe(1);
    store.want(["1"]);
    expect(reading).toBe(2);
    // An answer from before is taken, and asked for once more.
    store.outdate();
    store.want(["1"]);
    await answer();
    expect(store.get("1")?.times_seen).toBe(2);
    await answer();
    expect(store.get("1")?.times_seen).toBe(3);
    store.want(["1"]);
    expect(reading).toBe(3);
  });

  it("keeps what it read beside a row when that fails, and asks again after a while", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const question = { query: "last_seen:-1d", sort: "events", columns: [] } as const;
    const extras = { id: "a", in_range: { events: 3, users: 1 } } as IssueExtras;
    let answer: Partial<ListRow> = { extras };
    const read = vi.fn(async (_: string[], asked: ExtrasQuestion | null) => [
      { ...row("a"), ...answer, ...(asked ? { question: asked } : {}) } as ListRow,
    ]);
    const store = new RowStore(read);
    store.ask(question);
    await store.refresh(["a"]);
    answer = { failed: true };
    await store.refresh(["a"]);
    expect(store.get("a")).toMatchObject({ failed: true, extras });
    store.want(["a"]);
    expect(read).toHaveBeenCalledTimes(2);
    vi.setSystemTime(Date.now() + 5_000);
    store.want(["a"]);
    expect(read).toHaveBeenCalledTimes(3);
    // Those of another question are no answer to this one.
    store.ask({ ...question, query: "last_seen:-2d" });
    await store.refresh(["a"]);
    expect(store.get("a")?.extras).toBeUndefined();
  });

  it("asks again after a failure", async () => {
    const fetchRows = vi
      .fn()
      .mockRejectedValueOnce(new Error("away"))
      .mockResolvedValue([row("a")]);
    const store = new RowStore(fetchRows);
    store.want(["a"]);
    await vi.waitFor(() => {
      store.want(["a"]);
      expect(store.get("a")).toBeDefined();
    });
  });
});

describe("the trend", () => {
  it("draws one bar an hour, scaled to the peak, and a line where nothing was", () => {
    const path = trendPath([0, 5, 10]);
    expect(path).toBe("M0 20v-1h3v1zM4 20v-10h3v10zM8 20v-20h3v20z");
    expect(trendPath(Array(TREND.bars).fill(0))).not.toContain("NaN");
  });

  it("finds the bar under the pointer", () => {
    expect([trendIndex(-1), trendIndex(0.5), trendIndex(2)]).toEqual([0, 12, 23]);
  });
});

describe("titles", () => {
  it("are split where a type ends", () => {
    expect(splitTitle("KeyError: 'region'")).toEqual(["KeyError", ": 'region'"]);
    expect(splitTitle("Slow query: SELECT 1")).toEqual(["Slow query: SELECT 1", ""]);
  });

  it("and culprits are on one line, whatever they were written with", () => {
    expect(splitTitle("KeyError: 'a'\r\n\tin b")).toEqual(["KeyError", ": 'a' in b"]);
    expect(splitCulprit("pay\nclient.rs in call\u2028x")).toEqual(["pay client.rs in call x", ""]);
  });
});

describe("a row", () => {
  it("stands on its lines, however many breaks its texts have", async () => {
    const host = createFixtureHost({ issues: 1 });
    const [known] = await host.issueRows((await host.issueSnapshot("", "last_seen")).ids);
    if (!known) throw new Error("there is no issue");
    const row = new IssueRowElement({ people: () => undefined, left: () => null }, []);
    const title = "Failed: first  line\r\nsecond\u2028third";
    row.fill({ ...known, title, culprit: "app/\n\nmain.py in run" }, false, 0);
    expect(row.root.textContent).toContain("Failed: first  line second third");
    expect(row.root.textContent).toContain("app/ main.py in run");
    expect(row.root.textContent).not.toMatch(/[\r\n\u2028]/);
  });
});

describe("culprits", () => {
  it.each([
    ["checkout/pay/client.rs in call", ["checkout/pay", "/client.rs in call"]],
    ["C:\\shop\\pay.cs:21 in Call", ["C:\\shop", "\\pay.cs:21 in Call"]],
    ["shop.checkout.views in post_order", ["shop.checkout", ".views in post_order"]],
    ["client.rs in call", ["client.rs in call", ""]],
    ["GET /api/orders", ["GET /api", "/orders"]],
    ["", ["", ""]],
    [`a/${"x".repeat(60)}`, [`a/${"x".repeat(60)}`, ""]],
  ])("%s is cut before its end", (culprit, parts) => {
    expect(splitCulprit(culprit)).toEqual(parts);
  });
});

describe("queries without one term", () => {
  it("leave quoted texts whole and operators alone", () => {
    expect(withoutEachTerm('is:new "a b"')).toEqual([
      { term: "is:new", rest: '"a b"' },
      { term: '"a b"', rest: "is:new" },
    ]);
    expect(withoutEachTerm("level:error disk full").map(({ rest }) => rest)).toEqual([
      "disk full",
      "level:error full",
      "level:error disk",
    ]);
    // What stands in quotes, lists and values joins nothing.
    expect(withoutEachTerm('culprit:"send() or retry" level:[error, fatal]').map(({ rest }) => rest)).toEqual(
      ["level:[error, fatal]", 'culprit:"send() or retry"'],
    );
    expect(withoutEachTerm("(a b) is:new")).toEqual([]);
    expect(withoutEachTerm("a OR b")).toEqual([]);
    expect(withoutEachTerm("single")).toEqual([]);
  });
});
