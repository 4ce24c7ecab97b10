import { describe, expect, it } from "vitest";
import { layoutJson, parsePath } from "@/lib/jsonLayout";
import { byteExcerpt, placesOf, textExcerpt } from "./letterPlace";

describe("the place where a record broke", () => {
  it("is read from what the detail says", () => {
    expect(placesOf("not JSON: EOF while parsing at line 3 column 7")).toEqual([
      { kind: "text", line: 3, column: 7 },
    ]);
    expect(placesOf("not UTF-8 from byte 12 on")).toEqual([{ kind: "byte", at: 12 }]);
    expect(placesOf("evidence_display[1].name is missing; expected a text")).toEqual([
      { kind: "path", path: ["evidence_display", 1, "name"], name: "evidence_display[1].name" },
    ]);
    const both = placesOf(
      "event fits neither schema. Current: event.level: expected a level, found 1. Legacy: event.tags: expected an array, found 2",
    );
    expect(both.map((place) => place.kind === "path" && place.name)).toEqual(["event.level", "event.tags"]);
    expect(placesOf("event id mismatch: event_id is a, event.event_id is b")).toEqual([]);
    expect(placesOf("the value is empty")).toEqual([]);
  });

  it("is shown with what is around it, columns counted in bytes", () => {
    expect(textExcerpt('{"ä": x}', 1, 8)).toEqual({ before: '{"ä": ', at: "x", after: "}" });
    expect(textExcerpt("[1,", 1, 4)).toEqual({ before: "[1,", at: "⏎", after: "" });
    expect(textExcerpt("a", 9, 1)).toEqual({ before: "", at: "⏎", after: "" });
    const long = textExcerpt("x".repeat(500), 1, 251);
    expect(long.before).toBe(`…${"x".repeat(60)}`);
    expect(long.after.endsWith("…")).toBe(true);
  });

  it("is shown in hex where the value is no text", () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, at) => at);
    expect(byteExcerpt(bytes, 20)).toEqual({
      before: "… 0c 0d 0e 0f 10 11 12 13",
      at: "14",
      after: "15 16 17 18 19 1a 1b 1c …",
    });
    expect(byteExcerpt(bytes, 40).at).toBe("end");
  });
});

describe("laying JSON out", () => {
  it("keeps every value as it was written", () => {
    const raw =
      '{ "id":81090000123456789012, "e":1.50, "t":"a\\"{b", "empty":{}, "list":[1, [],{"x":null}] }';
    const layout = layoutJson(raw);
    expect(layout?.text).toBe(
      [
        "{",
        '  "id": 81090000123456789012,',
        '  "e": 1.50,',
        '  "t": "a\\"{b",',
        '  "empty": {},',
        '  "list": [',
        "    1,",
        "    [],",
        "    {",
        '      "x": null',
        "    }",
        "  ]",
        "}",
      ].join("\n"),
    );
    expect(layout?.lineOf(["list", 2, "x"])).toBe(9);
    expect(layout?.lineOf([])).toBe(0);
    expect(layout?.lineOf(["list", 9])).toBeNull();
  });

  it("is refused for what is no JSON", () => {
    expect(layoutJson("{,}")).toBeNull();
    expect(layoutJson("")).toBeNull();
    expect(layoutJson(' "word" ')?.text).toBe('"word"');
  });

  it("reads paths", () => {
    expect(parsePath("event.tags[2].a-b")).toEqual(["event", "tags", 2, "a-b"]);
  });
});
