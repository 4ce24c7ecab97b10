import { describe, expect, it } from "vitest";
import { summarize } from "@/features/issue/hourChart";
import {
  findLines,
  initialFolds,
  markHits,
  readDocument,
  tokenize,
  unfoldAround,
  visibleLines,
} from "./jsonDocument";

const text = JSON.stringify({ a: [1, "x"], b: { c: null, d: {} }, "}": "{" }, null, 2);

describe("a document", () => {
  const lines = readDocument(text);

  it("knows where each part ends", () => {
    expect(lines[0]?.end).toBe(lines.length - 1);
    expect(lines[1]?.end).toBe(4);
    expect(lines.find((line) => line.text.includes('"d"'))?.end).toBeNull();
  });

  it("hides what is folded and shows what is found", () => {
    const folded = new Set([1]);
    expect(visibleLines(lines, folded)).not.toContain(2);
    expect(visibleLines(lines, folded)).toContain(5);
    const [hit] = findLines(lines, "X");
    expect(hit).toBe(3);
    expect(unfoldAround(lines, folded, hit ?? 0).size).toBe(0);
  });

  it("is folded at first only when it is long", () => {
    expect(initialFolds(lines).size).toBe(0);
    const long = readDocument(JSON.stringify({ list: Array.from({ length: 700 }, (_, i) => i) }, null, 2));
    expect(visibleLines(long, initialFolds(long)).length).toBe(3);
  });

  it("is never taken for markup or for more than text", () => {
    const hostile = '  "<img src=x>": "a\\"b", 1e5, tru';
    expect(
      tokenize(hostile)
        .map((token) => token.text)
        .join(""),
    ).toBe(hostile);
    expect(tokenize('"k": "v"').map((token) => token.kind)).toEqual(["key", "sign", "sign", "string"]);
  });

  it("marks every hit", () => {
    expect(markHits("abcABC", "b").map((piece) => piece.hit)).toEqual([false, true, false, true, false]);
  });
});

describe("the chart's sentence", () => {
  it("names the sum, the peak and the present", () => {
    const bars = [
      { start: Date.UTC(2026, 10, 20, 12), count: 3 },
      { start: Date.UTC(2026, 10, 20, 13), count: 9 },
      { start: Date.UTC(2026, 10, 20, 14), count: 1 },
    ];
    expect(summarize(bars)).toMatch(
      /^13 events in the last 3 hours; most on .* with 9, 1 in the current hour\.$/,
    );
    expect(summarize([{ start: 0, count: 0 }])).toContain("No events");
  });
});
