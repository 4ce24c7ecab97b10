import { describe, expect, it } from "vitest";
import { splitTerms } from "./terms";
import { literalValue, narrowed, tagKey, valueTerm } from "./valueTerms";

describe("a value as a term", () => {
  it.each([
    ["production", "production"],
    ["2.4.1", "2.4.1"],
    ["shop@1.0+b(7)", '"shop@1.0+b(7)"'],
    ["Firefox 143", '"Firefox 143"'],
    ["", '""'],
    ["a*b", "a\\*b"],
    ["a, b", '"a, b"'],
    ["[a]", '"[a]"'],
    [">500", '">500"'],
    ["-24h", '"-24h"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["C:\\dir\\", "C:\\dir\\"],
    ["line\nbreak", '"line\nbreak"'],
    ["größe", "größe"],
  ])("writes %j as %s", (value, written) => {
    expect(literalValue(value)).toBe(written);
    expect(splitTerms(`a:${written} b`)[0]?.raw).toBe(`a:${written}`);
  });

  it("is none where the language cannot say it", () => {
    expect(literalValue("a\\*b")).toBeNull();
    expect(literalValue("C:\\my dir\\")).toBeNull();
    expect(valueTerm({ key: tagKey("<b>bold</b>"), value: "x" })).toBeNull();
  });

  it("says that it is a tag, unless a field means the same", () => {
    expect(tagKey("browser.name")).toBe("tags[browser.name]");
    expect(tagKey("age")).toBe("tags[age]");
    expect(tagKey("app:kind")).toBe('tags["app:kind"]');
    expect(tagKey("environment")).toBe("environment");
    expect(tagKey("größe")).toBeNull();
    expect(valueTerm({ key: "tags[os]", value: "Linux 6" })).toBe('tags[os]:"Linux 6"');
  });
});

describe("a query that is narrowed by a value", () => {
  it.each([
    ["", "release:1", false, "release:1"],
    ["is:unresolved   time out", "release:1", false, "is:unresolved   time out release:1"],
    ["is:unresolved", "release:1", true, "is:unresolved !release:1"],
    ["release:1 is:new", "release:1", false, "release:1 is:new"],
    ["a !release:1 b", "release:1", false, "a release:1 b"],
    ["release:1 b", "release:1", true, "!release:1 b"],
    ["a OR b", "release:1", false, "(a OR b) release:1"],
    ["release:1 or b", "release:1", true, "(release:1 or b) !release:1"],
    ["(a OR b)", "release:1", false, "(a OR b) release:1"],
    ["a AND !release:1", "release:1", false, "a AND release:1"],
    ["NOT release:1", "release:1", false, "NOT release:1 release:1"],
  ])("%j with %s (excluded: %s) is %j", (query, term, exclude, result) => {
    expect(narrowed(query, term, exclude)).toBe(result);
  });
});
