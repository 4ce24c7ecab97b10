import { describe, expect, it, vi } from "vitest";
import type { IssueGroup } from "@/ipc";
import { GroupTrends } from "./groupTrends";

const group = (key: string | null, stands_for: number | null = null): IssueGroup => ({
  key,
  stands_for,
  issues: 1,
  events: 1,
});
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
/** Answers a trend of as many events as the key is long. */
const lengths = () =>
  vi.fn((keys: (string | null)[]) => Promise.resolve(keys.map((key) => [key?.length ?? 0])));

describe("trends of groups", () => {
  it("are asked for once, together, and not for what stands for many groups", async () => {
    const changed = vi.fn();
    const trends = new GroupTrends(changed);
    const fetch = lengths();
    trends.begin(fetch, false);
    const shown = [group("a"), group(null), group(null, 12)];
    trends.want([group("gone")]);
    trends.want(shown);
    trends.want(shown);
    await settle();
    expect(fetch.mock.calls).toEqual([[["a", null]]]);
    expect(shown.map((one) => trends.get(one))).toEqual([[1], [0], undefined]);
    expect(changed).toHaveBeenCalledTimes(1);
    trends.want([...shown, group("bcd")]);
    await settle();
    expect(fetch.mock.calls[1]).toEqual([["bcd"]]);
    trends.want(shown);
    await settle();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("of what comes into view meanwhile are asked for next", async () => {
    const trends = new GroupTrends(() => undefined);
    const fetch = lengths();
    trends.begin(fetch, false);
    trends.want([group("a")]);
    await Promise.resolve();
    trends.want([group("a"), group("bb")]);
    trends.want([group("a"), group("ccc")]);
    await settle();
    expect(fetch.mock.calls).toEqual([[["a"]], [["ccc"]]]);
  });

  it("stay until the next reading of the same list is there", async () => {
    const trends = new GroupTrends(() => undefined);
    trends.begin(lengths(), false);
    trends.want([group("a")]);
    await settle();
    trends.begin(() => Promise.resolve([[7]]), true);
    expect(trends.get(group("a"))).toEqual([1]);
    trends.want([group("a")]);
    await settle();
    expect(trends.get(group("a"))).toEqual([7]);
    trends.begin(lengths(), false);
    expect(trends.get(group("a"))).toBeUndefined();
  });

  it("of an older reading are thrown away, and those of the new one asked for", async () => {
    const trends = new GroupTrends(() => undefined);
    let answer: (trends: number[][]) => void = () => undefined;
    trends.begin(() => new Promise((resolve) => (answer = resolve)), false);
    trends.want([group("a")]);
    await settle();
    const fetch = lengths();
    trends.begin(fetch, false);
    trends.want([group("bb")]);
    answer([[99]]);
    await settle();
    expect(trends.get(group("a"))).toBeUndefined();
    expect(trends.get(group("bb"))).toEqual([2]);
    expect(fetch.mock.calls).toEqual([[["bb"]]]);
  });

  it("are asked for again after a failure", async () => {
    const trends = new GroupTrends(() => undefined);
    const fetch = vi.fn<(keys: (string | null)[]) => Promise<number[][]>>(() =>
      Promise.reject(new Error("locked")),
    );
    trends.begin(fetch, false);
    trends.want([group("a")]);
    await settle();
    expect(trends.get(group("a"))).toBeUndefined();
    fetch.mockResolvedValue([[3]]);
    trends.want([group("a")]);
    await settle();
    expect(trends.get(group("a"))).toEqual([3]);
  });
});
