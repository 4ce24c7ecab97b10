import { describe, expect, it } from "vitest";
import { COMPARISONS, compare, comparedText, comparisonOf } from "./comparison";
import { printTerm, splitTerms, type Term } from "./terms";

const term = (text: string) => splitTerms(text)[0] as Term;

describe("how a term compares", () => {
  it.each([
    ["a:x", "is", "x"],
    ["a:=x", "is", "x"],
    ["!a:x", "not", "x"],
    ["a:!=x", "not", "x"],
    ["a:>=5", ">=", "5"],
    ["a:*fire*", "contains", "fire"],
    ["!a:*fire*", "lacks", "fire"],
    ["a:fire*", "starts", "fire"],
    ["a:*fox", "ends", "fox"],
    ['a:"*fire fox*"', "contains", "fire fox"],
    ["a:*a\\*b*", "contains", "a*b"],
    ["a:C:\\\\dir\\\\*", "starts", "C:\\dir\\"],
    // What a row cannot say stays as it is typed.
    ["a:f*x", "is", "f*x"],
    ["a:fire\\*", "is", "fire\\*"],
    ["!a:fire*", "not", "fire*"],
    ["a:[x, y]", "is", "[x, y]"],
  ])("%s is read as %s", (text, comparison, value) => {
    expect(comparisonOf(term(text))).toBe(comparison);
    expect(comparedText(term(text), comparisonOf(term(text)))).toBe(value);
  });

  it("comes back as it was chosen", () => {
    for (const { value: comparison } of COMPARISONS) {
      for (const text of ["fire", "fire fox", "a*b", "C:\\dir\\x"]) {
        const made = compare(term("a:x"), comparison, text);
        const read = term(printTerm(made));
        // A star in a text that is compared as it is typed is a wildcard, as in the field.
        if (["is", "not"].includes(comparison) && text.includes("*")) continue;
        expect([comparison, comparisonOf(read), comparedText(read, comparison)]).toEqual([
          comparison,
          comparison,
          text,
        ]);
      }
    }
  });
});
