import { describe, expect, it, vi } from "vitest";
import { decodeBase64, hexDump } from "./bytes";
import { formatAge, formatBytes, formatCount, formatRate, formatTook, plural } from "./format";
import { fuzzyMatch } from "./fuzzy";
import { oneAtATime } from "./oneAtATime";
import { ariaKeys, distinctKeys, keyCaps, keyText } from "./platform";
import { EvenRows, MAX_SPACER_PX, RowGeometry } from "./rowGeometry";
import { throttle } from "./throttle";

describe("row geometry", () => {
  it("is plain arithmetic for ordinary lists", () => {
    const geometry = new RowGeometry(new EvenRows(100_000, 44), 880);
    expect(geometry.scale).toBe(1);
    expect(geometry.spacerHeight).toBe(4_400_000);
    expect(geometry.visible(440, 2)).toEqual({ start: 8, end: 32 });
    expect(geometry.visible(0, 4)).toEqual({ start: 0, end: 24 });
    expect(geometry.reveal(5, 440)).toBe(220);
    expect(geometry.reveal(15, 440)).toBe(440);
    expect(geometry.reveal(100, 440)).toBe(101 * 44 - 880);
    expect(geometry.topRow(66)).toBe(1.5);
    expect(geometry.offsetOfRow(1.5)).toBe(66);
  });

  it("scales a list that is taller than an element may be, without losing an end", () => {
    const geometry = new RowGeometry(new EvenRows(1_000_000, 44), 880);
    expect(geometry.spacerHeight).toBe(MAX_SPACER_PX);
    expect(geometry.offsetFromScroll(0)).toBe(0);
    expect(geometry.offsetFromScroll(MAX_SPACER_PX - 880)).toBeCloseTo(geometry.maxOffset);
    expect(geometry.visible(geometry.maxOffset).end).toBe(1_000_000);
    expect(geometry.offsetFromScroll(geometry.scrollFromOffset(12_345_678))).toBeCloseTo(12_345_678);
  });

  it("copes with lists that fit", () => {
    const geometry = new RowGeometry(new EvenRows(3, 44), 880);
    expect(geometry.maxOffset).toBe(0);
    expect(geometry.visible(0, 4)).toEqual({ start: 0, end: 3 });
    expect(new RowGeometry(new EvenRows(0, 44), 880).visible(0, 4)).toEqual({ start: 0, end: 0 });
  });
});

describe("formats", () => {
  it("group digits and agree in number", () => {
    expect(formatCount(12_431)).toBe("12\u202f431");
    expect(plural(1, "issue")).toBe("1 issue");
    expect(plural(0, "issue")).toBe("0 issues");
  });

  it("choose the unit that reads best", () => {
    expect([formatTook(0.2), formatTook(38.4), formatTook(1_240)]).toEqual(["<1 ms", "38 ms", "1.2 s"]);
    expect([formatBytes(55), formatBytes(1_900_000_000)]).toEqual(["55 B", "1.9 GB"]);
    expect([formatRate(0), formatRate(6), formatRate(412)]).toEqual(["0", "6.0", "412"]);
    const now = Date.UTC(2026, 10, 20);
    expect([4_000, 720_000, 3 * 3_600_000, 41 * 86_400_000].map((age) => formatAge(now - age, now))).toEqual([
      "4 s",
      "12 m",
      "3 h",
      "41 d",
    ]);
    expect(formatAge(now + 5_000, now)).toBe("0 s");
  });
});

describe("fuzzy search", () => {
  const best = (query: string, texts: string[]) =>
    texts
      .map((text) => ({ text, match: fuzzyMatch(query, text) }))
      .filter(({ match }) => match !== null)
      .sort((a, b) => (b.match?.score ?? 0) - (a.match?.score ?? 0))[0]?.text;

  it("prefers word starts and runs", () => {
    expect(best("gl", ["Toggle follow", "Go to Live"])).toBe("Go to Live");
    expect(best("dem", ["Density: medium", "Start the demo feed"])).toBe("Start the demo feed");
    expect(fuzzyMatch("xyz", "Go to Live")).toBeNull();
  });
});

describe("key names", () => {
  it("draw sequences and modifiers", () => {
    expect(keyCaps("$mod+k")).toEqual([["Ctrl", "K"]]);
    expect(keyCaps("[Shift]+?")).toEqual([["?"]]);
    expect(keyText("g i")).toBe("G then I");
    expect(keyText("$mod+NumpadSubtract")).toBe("Ctrl+Num -");
    expect(keyText("Numpad0")).toBe("Num 0");
    expect(keyText("Alt+Digit1")).toBe("Alt+1");
  });

  it("are shown once, however many ways lead to them", () => {
    const zoom = ["$mod+=", "$mod++", "$mod+[Shift]+Equal", "$mod+NumpadAdd"];
    expect(distinctKeys(zoom).map(keyText)).toEqual(["Ctrl+=", "Ctrl++", "Ctrl+Num +"]);
  });

  it("have those of ARIA, which knows no sequences", () => {
    const named = [
      "$mod+Shift+s",
      "Shift+r",
      "[Shift]+?",
      "Shift+Digit2",
      "$mod+Backslash",
      "Alt+ArrowLeft",
      "$mod++",
      "[",
      "Space",
    ];
    expect(named.map(ariaKeys)).toEqual([
      "Control+Shift+S",
      "Shift+R",
      "?",
      "Shift+2",
      "Control+\\",
      "Alt+ArrowLeft",
      "Control+Plus",
      "[",
      "Space",
    ]);
    expect(ariaKeys("g i")).toBeUndefined();
  });
});

describe("bytes", () => {
  it("are shown with offset and text", () => {
    expect(hexDump(Uint8Array.of(0x7b, 0xff, 0x41))).toMatch(/^00000000 {2}7b ff 41 +\{\.A$/);
    expect([...decodeBase64(btoa("abcdef"), 4)]).toEqual([97, 98, 99, 100]);
  });
});

describe("throttle", () => {
  it("runs at once, then at the end of the interval, and never loses the last call", () => {
    vi.useFakeTimers();
    const work = vi.fn();
    const throttled = throttle(work, 500);
    throttled();
    throttled();
    throttled();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(500);
    expect(work).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });
});

describe("work one at a time", () => {
  it("runs once more for all calls during a run", async () => {
    const ends: (() => void)[] = [];
    const work = oneAtATime(() => new Promise((done) => ends.push(done)));
    const end = async (at: number) => {
      ends[at]?.();
      await Promise.resolve();
      await Promise.resolve();
    };
    work();
    work();
    work();
    expect(ends).toHaveLength(1);
    await end(0);
    expect(ends).toHaveLength(2);
    await end(1);
    expect(ends).toHaveLength(2);
    work();
    expect(ends).toHaveLength(3);
  });
});
