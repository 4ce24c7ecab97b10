import { describe, expect, it } from "vitest";
import { rateOf, timeLeft, type Work } from "./work";

const work = (done: number): Work => ({
  key: 1,
  title: "Resolve 10 000 issues",
  job: null,
  done,
  total: 10_000,
  startedAt: 0,
  ending: false,
  stops: true,
});

describe("how far work is", () => {
  it("goes by what was done so far", () => {
    expect(rateOf(work(2_000), 500)).toBe(4_000);
    expect(timeLeft(work(2_000), 500)).toBe(2_000);
  });

  it("is not said before there is something to go by", () => {
    expect([rateOf(work(0), 5_000), timeLeft(work(0), 5_000)]).toEqual([null, null]);
    expect([rateOf(work(100), 100), timeLeft(work(100), 100)]).toEqual([null, null]);
  });
});
