import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Least width and height of what can be pointed at, in pixels (UX 24, WCAG 2.5.8). */
const LEAST = 24;
/** Height of a button, in pixels. */
const BUTTON = 28;

/** Declarations of the last rule with just this selector. Read as a file: an imported sheet is emptied under test. */
function rule(file: string, selector: string): Map<string, string> {
  const css = readFileSync(`src/${file}`, "utf8").replace(/\/\*.*?\*\//gs, "");
  const body = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].findLast(
    ([, selectors]) => selectors?.trim() === selector,
  )?.[2];
  if (body === undefined) throw new Error(`${file} has no rule ${selector}`);
  return new Map(
    [...body.matchAll(/([\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const pixels = (value: string | undefined) => Number.parseFloat(value ?? "");

/** How far a pseudo-element reaches beyond its box: top, right, bottom, left. */
function reach(inset: string | undefined): number[] {
  const [top = 0, right = top, bottom = top, left = right] = (inset ?? "")
    .split(" ")
    .map((part) => -pixels(part));
  return [top, right, bottom, left];
}

describe("what is drawn smaller than a finger or a shaking hand can hit", () => {
  it.each([
    ["components/CheckBox.module.css", ".checkBox", 2],
    ["features/preview/PreviewPanel.module.css", ".edge", 0],
  ])("reaches out of %s %s", (file, selector, border) => {
    const width = pixels(rule(file, selector).get("width")) - border;
    const [, right = 0, , left = 0] = reach(rule(file, `${selector}::after`).get("inset"));
    expect(width + right + left).toBeGreaterThanOrEqual(LEAST);
  });

  it("reaches into a panel below the list, too", () => {
    const file = "features/preview/PreviewPanel.module.css";
    const height = pixels(rule(file, '.panel[data-side="bottom"] .edge').get("height"));
    const [top = 0, , bottom = 0] = reach(rule(file, '.panel[data-side="bottom"] .edge::after').get("inset"));
    expect(height + top + bottom).toBeGreaterThanOrEqual(LEAST);
  });

  it("covers nothing beside it that can be clicked on", () => {
    const file = "features/preview/PreviewPanel.module.css";
    const [, right = 0] = reach(rule(file, ".edge::after").get("inset"));
    const width = pixels(rule(file, ".edge").get("width"));
    // The edge straddles the border of the panel, of which it takes the half.
    const covered = width / 2 + right;
    const beside = rule(file, '.panel[data-side="right"] .content').get("padding-left");
    expect(pixels(beside)).toBeGreaterThanOrEqual(covered);
    // Below the list it reaches over the line of buttons, which are drawn after it and so lie in front.
    const [, , down = 0] = reach(rule(file, '.panel[data-side="bottom"] .edge::after').get("inset"));
    const half = pixels(rule(file, '.panel[data-side="bottom"] .edge').get("height")) / 2;
    const above = pixels(rule(file, ".tools").get("padding"));
    expect(half + down).toBeLessThanOrEqual(above + BUTTON);
    const buttons = rule(file, ".tools > *");
    expect(buttons.get("position")).toBe("relative");
    expect(Number(buttons.get("z-index"))).toBeGreaterThanOrEqual(Number(rule(file, ".edge").get("z-index")));
  });

  it("is as large as that itself where it cannot reach out", () => {
    expect(pixels(rule("features/inbox/ColumnHeads.module.css", ".edge").get("width"))).toBe(LEAST);
    const radio = rule("features/bulk/MergeTable.module.css", ".table input");
    expect([radio.get("width"), radio.get("height")].map(pixels)).toEqual([LEAST, LEAST]);
  });
});
