import { describe, expect, it } from "vitest";
import { lastCrumbs } from "./eventFacts";

describe("breadcrumbs", () => {
  it("are the last ones, the last one first", () => {
    const breadcrumbs = {
      values: Array.from({ length: 8 }, (_, i) => ({ category: "log", message: `m${i}` })),
    };
    expect(lastCrumbs(JSON.stringify({ breadcrumbs })).map((crumb) => crumb.message)).toEqual([
      "m7",
      "m6",
      "m5",
      "m4",
      "m3",
    ]);
    expect(lastCrumbs(JSON.stringify({ breadcrumbs: [{ type: "http", data: { url: "/pay" } }] }))).toEqual([
      { category: "http", message: "/pay" },
    ]);
  });
});

describe("bodies of any shape", () => {
  it.each([
    [null],
    ["no json"],
    ["[]"],
    ["7"],
    ['{"exception":7,"breadcrumbs":{"values":"no"}}'],
    ['{"exception":{"values":[null,{"stacktrace":{"frames":[1,null,{"lineno":{}}]}}]}}'],
    ['{"breadcrumbs":[null,[],{}]}'],
  ])("give nothing and never fail: %s", (body) => {
    expect(lastCrumbs(body)).toEqual([]);
  });
});
