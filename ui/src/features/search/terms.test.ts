import { describe, expect, it } from "vitest";
import {
  appendTerm,
  printTerm,
  quoted,
  removeTerm,
  replaceTerm,
  splitTerms,
  type Term,
  termLines,
  unfinishedFilter,
} from "./terms";

const kinds = (text: string) => splitTerms(text).map(({ kind, raw }) => `${kind} ${raw}`);
const term = (text: string, at = 0) => splitTerms(text)[at] as Term;

describe("the terms of a query", () => {
  it("are filters, texts, words and groups", () => {
    expect(kinds('is:unresolved  level:[error, fatal] "a b" OR (x:1 y:"(z") time out NOT !key:>5')).toEqual([
      "filter is:unresolved",
      "filter level:[error, fatal]",
      'text "a b"',
      "word OR",
      'group (x:1 y:"(z")',
      "text time out",
      "word NOT",
      "filter !key:>5",
    ]);
  });

  it("know their parts", () => {
    expect(term('!release:>="1.0 beta"')).toMatchObject({
      negated: true,
      key: "release",
      operator: ">=",
      value: "1.0 beta",
    });
    expect(term("tags[a b]:c")).toMatchObject({ kind: "filter", key: "tags[a b]", value: "c" });
    expect(term('"hi:there":x')).toMatchObject({ key: '"hi:there"', value: "x" });
  });

  it("cover what is unfinished", () => {
    for (const text of ['"open', "(open", ")", "a:", "[", "a:[b", "a)b"]) {
      const terms = splitTerms(text);
      expect(terms.map(({ raw }) => raw).join("")).toBe(text);
    }
  });

  it("are printed as they were typed", () => {
    for (const text of ["is:new", "!a:>=5", 'a:"b c"', "level:[error, fatal]", "some text"]) {
      expect(printTerm(term(text))).toBe(text);
    }
    expect(quoted('say "hi"')).toBe('"say \\"hi\\""');
  });

  it("get lines of their own, which leaves every place as it was", () => {
    const text = 'is:new  level:[error, fatal] OR (a:1 b:2) slow query NOT x:"y z" ';
    const lines = termLines(text);
    expect(lines.split("\n")).toEqual([
      "is:new ",
      "level:[error, fatal]",
      "OR (a:1 b:2)",
      "slow query",
      'NOT x:"y z" ',
    ]);
    expect(lines.replaceAll("\n", " ")).toBe(text);
  });

  it("are asked for while their value is typed, the caret behind it", () => {
    expect(unfinishedFilter("level", "")).toEqual({ raw: "level:", caret: 6 });
    expect(unfinishedFilter("level", "er")).toEqual({ raw: "level:er", caret: 8 });
    expect(unfinishedFilter("release", "1.0 b")).toEqual({ raw: 'release:"1.0 b"', caret: 14 });
    expect(unfinishedFilter("level", "[error, f]")).toEqual({ raw: "level:[error, f]", caret: 16 });
  });
});

describe("changing one term", () => {
  const text = "is:new   level:error  slow query ";

  it("keeps the spacing of all others", () => {
    expect(replaceTerm(text, term(text, 1), "level:fatal")).toBe("is:new   level:fatal  slow query ");
  });

  it("takes a term out with its gap", () => {
    expect(removeTerm(text, term(text, 1))).toBe("is:new   slow query ");
    expect(removeTerm(text, term(text, 0))).toBe("level:error  slow query ");
    expect(removeTerm(text, term(text, 2))).toBe("is:new   level:error");
  });

  it("adds one at the end", () => {
    expect(appendTerm("", "is:new")).toBe("is:new");
    expect(appendTerm("is:new", "a")).toBe("is:new a");
    expect(appendTerm("is:new ", "a")).toBe("is:new a");
  });
});
