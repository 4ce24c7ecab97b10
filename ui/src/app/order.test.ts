import { describe, expect, it } from "vitest";
import {
  alsoStep,
  firstKey,
  knownOrder,
  orderKeys,
  rankOf,
  SORTS,
  sortAlsoBy,
  sortBy,
  sortMark,
  turned,
  withoutKey,
} from "./order";

describe("the text of an order", () => {
  it("is read as far as it is known", () => {
    expect(orderKeys("events,first_seen:asc")).toEqual([
      { by: "events", ascending: false },
      { by: "first_seen", ascending: true },
    ]);
    expect(knownOrder("users,gone,users:asc,trends:asc,events,last_seen")).toBe("users,trends:asc,events");
    for (const unknown of [undefined, null, 7, "", "gone", ["events"]]) {
      expect(knownOrder(unknown)).toBe("last_seen");
    }
    expect(firstKey("trends:asc,events")).toEqual({ by: "trends", ascending: true });
  });
});

describe("sorting by one thing", () => {
  it("leaves all others out, and turns round what is alone", () => {
    expect(sortBy("last_seen,users", "events")).toBe("events");
    expect(sortBy("events:asc,users", "events")).toBe("events");
    expect(sortBy("events", "events")).toBe("events:asc");
    expect(sortBy("events:asc", "events")).toBe("events");
    expect(turned("events,users")).toBe("events:asc,users");
  });
});

describe("what people read from A on", () => {
  it("begins with A unless it is turned round, also behind other keys", () => {
    expect(sortBy("last_seen", "title")).toBe("title:asc");
    expect(sortBy("title:asc", "title")).toBe("title");
    expect(sortBy("title", "title")).toBe("title:asc");
    expect(sortBy("last_seen", "priority")).toBe("priority");
    let order = "status";
    const next = () => {
      order = sortAlsoBy(order, "short_id");
      return order;
    };
    expect(next()).toBe("status,short_id:asc");
    expect(next()).toBe("status,short_id");
    expect(alsoStep(order, "short_id")).toBe("remove");
    expect(next()).toBe("status");
  });

  it("is known in an address", () => {
    for (const by of SORTS) expect(knownOrder(`${by}:asc`)).toBe(`${by}:asc`);
    expect(new Set(SORTS).size).toBe(19);
  });
});

describe("sorting by one thing more", () => {
  it("adds it, turns it round and takes it out", () => {
    let order = "last_seen";
    const next = (by: Parameters<typeof sortAlsoBy>[1]) => {
      order = sortAlsoBy(order, by);
      return order;
    };
    expect(next("users")).toBe("last_seen,users");
    expect(next("users")).toBe("last_seen,users:asc");
    expect(next("users")).toBe("last_seen");
    // One has to stay.
    expect(next("last_seen")).toBe("last_seen:asc");
    expect(next("last_seen")).toBe("last_seen");
    expect(next("events")).toBe("last_seen,events");
    expect(next("trends")).toBe("last_seen,events,trends");
    expect(alsoStep(order, "users")).toBe("replace");
    expect(next("users")).toBe("last_seen,events,users");
    expect(next("last_seen")).toBe("last_seen:asc,events,users");
    expect(alsoStep(order, "last_seen")).toBe("remove");
    expect(next("last_seen")).toBe("events,users");
    expect(withoutKey(order, "events")).toBe("users");
    expect(withoutKey("users", "users")).toBe("users");
  });

  it("is marked with its place beside others", () => {
    const mark = (order: string) => {
      const rank = rankOf(order, "users");
      return rank && sortMark(rank);
    };
    expect(mark("users")).toBe("↓");
    expect(mark("users:asc")).toBe("↑");
    expect(mark("events,users:asc,trends")).toBe("↑2");
    expect(mark("events")).toBeNull();
  });
});
