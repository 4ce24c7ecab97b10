import { describe, expect, it } from "vitest";
import type { SimilarIssue } from "@/ipc";
import { likenessWords, scoreText } from "./similarWords";

const similar = (parts: Partial<SimilarIssue>) =>
  ({
    score: 0.9,
    frames: { same: 3, of: 3 },
    in_app: true,
    error_type: null,
    words: { same: 0, of: 7 },
    same_title: false,
    ...parts,
  }) as SimilarIssue;

describe("why two issues are alike", () => {
  it("is said of what they share, and of what they do not", () => {
    const say = (parts: Partial<SimilarIssue>) => likenessWords(similar(parts));
    expect(say({})).toBe("same 3 in-app frames, other title");
    expect(say({ frames: { same: 1, of: 1 }, same_title: true })).toBe("same in-app frame, same title");
    expect(say({ frames: { same: 2, of: 5 }, in_app: false, error_type: "KeyError" })).toBe(
      "2 of 5 frames, same KeyError, other title",
    );
    expect(say({ frames: { same: 0, of: 4 }, words: { same: 2, of: 3 } })).toBe("2 of 3 words of the titles");
  });

  it("comes with two decimals", () => {
    expect(scoreText(0.8)).toBe("0.80");
    expect(scoreText(1)).toBe("1.00");
  });
});
