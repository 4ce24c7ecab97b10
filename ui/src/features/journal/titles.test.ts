import { describe, expect, it } from "vitest";
import { countedTitle } from "./titles";

describe("the title of an entry or a job", () => {
  it("says how many issues it is about", () => {
    expect(countedTitle("Resolve", 13_477)).toBe("Resolve · 13\u202f477 issues");
    expect(countedTitle("Undo: Delete", 1)).toBe("Undo: Delete · 1 issue");
    // A number of something else is none.
    expect(countedTitle("Resolve in 4.0", 4)).toBe("Resolve in 4.0 · 4 issues");
  });

  it("says it once", () => {
    expect(countedTitle("Resolved 13\u202f477 issues", 13_477)).toBe("Resolved 13\u202f477 issues");
    expect(countedTitle("Undid: Resolved 1 issue", 1)).toBe("Undid: Resolved 1 issue");
  });
});
