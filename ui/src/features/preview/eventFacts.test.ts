import { describe, expect, it } from "vitest";
import { lastCrumbs, topFrames } from "./eventFacts";

const frame = (name: string, in_app?: boolean) => ({
  filename: `${name}.py`,
  function: name,
  lineno: 7,
  in_app,
});
const event = (frames: unknown) => JSON.stringify({ exception: { values: [{ stacktrace: { frames } }] } });

describe("the frames that are shown first", () => {
  it("are those of the own code, newest first", () => {
    expect(topFrames(event([frame("a", true), frame("lib", false), frame("b", true)]))).toEqual([
      { place: "b.py:7", at: { key: "stack.filename", value: "b.py" }, function: "b", inApp: true },
      { place: "a.py:7", at: { key: "stack.filename", value: "a.py" }, function: "a", inApp: true },
    ]);
  });

  it("are the top ones where none is the own", () => {
    const many = Array.from({ length: 9 }, (_, i) => frame(`f${i}`));
    expect(topFrames(event(many)).map((line) => line.function)).toEqual(["f8", "f7", "f6", "f5", "f4"]);
  });

  it("come from the last exception, from the event itself or from its threads", () => {
    const two = {
      exception: {
        values: [{ stacktrace: { frames: [frame("cause")] } }, { stacktrace: { frames: [frame("top")] } }],
      },
    };
    expect(topFrames(JSON.stringify(two))[0]?.function).toBe("top");
    expect(topFrames(JSON.stringify({ stacktrace: { frames: [frame("s")] } }))[0]?.function).toBe("s");
    const threads = { threads: { values: [{ stacktrace: { frames: [frame("t")] } }] } };
    expect(topFrames(JSON.stringify(threads))[0]?.function).toBe("t");
  });
});

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
    expect(topFrames(body)).toEqual([]);
    expect(lastCrumbs(body)).toEqual([]);
  });
});
