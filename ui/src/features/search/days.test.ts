import { describe, expect, it } from "vitest";
import {
  asksRelativeTime,
  dayByKey,
  dayOf,
  isBeforeTime,
  mayBeDay,
  monthsLater,
  readDay,
  weeksOf,
  writeDay,
} from "./days";

const day = (text: string) => {
  const found = readDay(text);
  if (found === null) throw new Error(`${text} is no day`);
  return found;
};

describe("days of a search", () => {
  it("are read where there are such", () => {
    expect(readDay("2026-11-20")).toBe(Date.UTC(2026, 10, 20));
    expect(readDay("2024-02-29")).toBe(Date.UTC(2024, 1, 29));
    for (const text of [
      "",
      "2026-02-29",
      "2026-13-01",
      "2026-00-10",
      "0000-01-01",
      "1969-12-31",
      "20260-01-01",
      "2026-1-1",
      "2026-11-20T10:00",
      "<img>",
      "٢٠٢٦-١١-٢٠",
    ])
      expect(readDay(text), text).toBeNull();
  });

  it("may be what is being typed", () => {
    for (const text of ["", "2", "2026", "2026-", "2026-1", "2026-11-", "2026-11-2", "2026-11-20"])
      expect(mayBeDay(text), text).toBe(true);
    for (const text of ["-7d", "x", "2026-13-45", "2026-11-200", "20261", "2026 ", "20 26"])
      expect(mayBeDay(text), text).toBe(false);
  });

  it("stand behind keys that want a time, whatever is between", () => {
    for (const before of ["age:", "first_seen:>=", "is:new lastSeen:", "!date:<", "(timestamp:", '"age":='])
      expect(isBeforeTime(before), before).toBe(true);
    for (const before of ["", "age", "level:", "message:age:", "x:>=", "page:", "tags[age]:"])
      expect(isBeforeTime(before), before).toBe(false);
  });

  it("tell a search that goes by the present", () => {
    for (const query of ["age:-24h", "is:new first_seen:>-7d", "!(lastSeen:+30d)", "last_seen:<=-10m"])
      expect(asksRelativeTime(query), query).toBe(true);
    for (const query of ["", "age:2026-11-20", "level:-24h", "-24h", "message:age-24h", "times_seen:-5"])
      expect(asksRelativeTime(query), query).toBe(false);
  });

  it("lead to others by months that are not of one length", () => {
    const later = (text: string, months: number) => writeDay(monthsLater(day(text), months));
    expect(later("2026-01-31", 1)).toBe("2026-02-28");
    expect(later("2024-01-31", 1)).toBe("2024-02-29");
    expect(later("2024-02-29", 12)).toBe("2025-02-28");
    expect(later("2026-01-15", -1)).toBe("2025-12-15");
    expect(later("1970-01-15", -1)).toBe("1970-01-01");
    expect(later("9999-12-15", 1)).toBe("9999-12-31");
  });

  it("lead to others by keys, and no further than there are days", () => {
    const by = (key: string, shift = false) => {
      const next = dayByKey(day("2026-11-20"), key, shift);
      return next === null ? null : writeDay(next);
    };
    expect(by("ArrowLeft")).toBe("2026-11-19");
    expect(by("ArrowRight")).toBe("2026-11-21");
    expect(by("ArrowUp")).toBe("2026-11-13");
    expect(by("ArrowDown")).toBe("2026-11-27");
    expect(by("Home")).toBe("2026-11-16");
    expect(by("End")).toBe("2026-11-22");
    expect(by("PageUp")).toBe("2026-10-20");
    expect(by("PageDown", true)).toBe("2027-11-20");
    expect(by("x")).toBeNull();
    expect(dayByKey(day("1970-01-01"), "ArrowUp", false)).toBe(day("1970-01-01"));
    expect(dayOf(Number.MAX_SAFE_INTEGER)).toBe(day("9999-12-31"));
  });

  it("are laid out in weeks from Monday", () => {
    const weeks = weeksOf(day("2026-11-20"));
    expect(weeks.length).toBe(6);
    expect(weeks[0]?.map((at) => at && writeDay(at))).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      "2026-11-01",
    ]);
    expect(weeks.flat().filter((at) => at !== null).length).toBe(30);
    // A February that begins on a Monday fills four weeks.
    expect(weeksOf(day("2027-02-10")).length).toBe(4);
  });
});
