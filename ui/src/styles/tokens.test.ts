import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

// Read as a file: a style sheet that is imported is emptied under test. Tests run in the folder of the package.
const css = readFileSync("src/styles/tokens.css", "utf8");

/** The colours of each theme, read from the file that the interface uses. */
function themes(): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const block of css.matchAll(/\[data-theme="([\w-]+)"\]\s*\{([^}]*)\}/g)) {
    const colours = new Map<string, string>();
    for (const line of (block[2] ?? "").matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)) {
      colours.set(line[1] as string, line[2] as string);
    }
    found.set(block[1] as string, colours);
  }
  return found;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast ratio. */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["base", "surface", "raised", "hover", "selected"];
const TEXT = ["text", "text-2", "accent", "fatal", "error", "warning", "info", "debug", "success", "danger"];

/** Pairs in use and the least ratio each needs: foreground, backgrounds, ratio. */
function pairs(highContrast: boolean): [string, string[], number][] {
  const text = highContrast ? 7 : 4.5;
  return [
    ...TEXT.map((name): [string, string[], number] => [name, SURFACES, text]),
    // The quietest text. Rows of an old result are all in it, selected or not.
    ["text-3", SURFACES, text],
    ["on-accent", ["accent"], text],
    ["on-danger", ["danger"], text],
    ["text", ["mark"], text],
    ["focus", SURFACES, 3],
    ["control-border", ["base", "surface", "raised", "hover"], 3],
    ["chart", ["base"], 3],
  ];
}

describe.each([...themes()])("theme %s", (name, colours) => {
  const colour = (token: string) => {
    const value = colours.get(token);
    if (!value) throw new Error(`${name} has no --${token}`);
    return value;
  };

  it("has every pair above its least contrast", () => {
    const tooLow = pairs(name.startsWith("contrast")).flatMap(([front, backs, least]) =>
      backs.flatMap((back) => {
        const ratio = contrast(colour(front), colour(back));
        return ratio < least ? [`${front} on ${back}: ${ratio.toFixed(2)} < ${least}`] : [];
      }),
    );
    expect(tooLow).toEqual([]);
  });
});

it("dims no text by transparency, which no pair of colours can be checked for", () => {
  const faint = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".css"))
    .flatMap((file) =>
      [...readFileSync(`src/${file}`, "utf8").matchAll(/([^{}]*)\{[^{}]*opacity:\s*0?\.\d+/g)].map(
        ([, rule = ""]) => `${file}: ${rule.trim()}`,
      ),
    )
    // What cannot be used needs no contrast (WCAG 1.4.3).
    .filter((rule) => !/disabled/.test(rule));
  expect(faint).toEqual([]);
});

it("has the same tokens in every theme", () => {
  const all = [...themes().values()].map((colours) => [...colours.keys()].sort());
  expect(all).toHaveLength(4);
  for (const names of all) expect(names).toEqual(all[0]);
});
