import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Announcer } from "./announcer";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the live region", () => {
  it("is told at most every two seconds, and then what is newest of each matter, summed up", () => {
    const announcer = new Announcer();
    const said: string[] = [];
    announcer.message.subscribe(() => said.push(announcer.message.get()));
    announcer.say("40 issues found", "found");
    announcer.say("1 issue selected", "selected");
    announcer.say("Resolved 3 issues. 1 of them was so already.");
    announcer.say("3 issues selected", "selected");
    vi.advanceTimersByTime(2_000);
    expect(said).toEqual([
      "40 issues found",
      "Resolved 3 issues. 1 of them was so already. 3 issues selected",
    ]);
    vi.advanceTimersByTime(10_000);
    expect(said.length).toBe(2);
  });

  it("is told at most every two seconds, and of one matter what is newest", () => {
    const announcer = new Announcer();
    const said: string[] = [];
    announcer.message.subscribe(() => said.push(announcer.message.get()));
    for (const text of ["one", "two", "three"]) announcer.say(text, "count");
    expect(said).toEqual(["one"]);
    vi.advanceTimersByTime(2_000);
    expect(said).toEqual(["one", "three"]);
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual(["one", "three"]);
  });

  it("changes for a message that is said once more, each time", () => {
    const announcer = new Announcer();
    const said: string[] = [];
    announcer.message.subscribe(() => said.push(announcer.message.get()));
    for (let time = 0; time < 3; time += 1) {
      announcer.say("3 issues found");
      vi.advanceTimersByTime(2_000);
    }
    expect(said.map((text) => text.trim())).toEqual(["3 issues found", "3 issues found", "3 issues found"]);
    expect(said[0]).not.toBe(said[1]);
    expect(said[1]).not.toBe(said[2]);
  });
});
