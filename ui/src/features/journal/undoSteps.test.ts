import { describe, expect, it } from "vitest";
import { UndoSteps } from "./undoSteps";

/** A window whose own steps say what happened to them. */
function window() {
  const steps = new UndoSteps();
  const said: string[] = [];
  const did = (name: string) =>
    steps.did({ undo: () => said.push(`undo ${name}`), redo: () => said.push(`redo ${name}`) });
  return { steps, said, did };
}

describe("what a window did", () => {
  it("is taken back newest first, and the journal's turn comes in between", () => {
    const { steps, said, did } = window();
    did("a");
    steps.wrote("7");
    did("b");
    expect([steps.undo(), said.at(-1)]).toEqual([true, "undo b"]);
    expect(steps.undo()).toBe(false);
    steps.tookBack("7");
    expect([steps.undo(), said.at(-1)]).toEqual([true, "undo a"]);
    expect(steps.undo()).toBe(false);
  });

  it("is done again in order, until something else is done", () => {
    const { steps, said, did } = window();
    did("a");
    did("b");
    steps.undo();
    steps.undo();
    expect([steps.redo(), said.at(-1)]).toEqual([true, "redo a"]);
    expect([steps.undo(), said.at(-1)]).toEqual([true, "undo a"]);
    steps.wrote("7");
    expect(steps.redo()).toBe(false);
  });

  it("is done again in the order it was taken back, with the journal's turn in between", () => {
    const { steps, said, did } = window();
    did("a");
    steps.wrote("7");
    steps.tookBack("7");
    steps.undo();
    expect([steps.redo(), said.at(-1)]).toEqual([true, "redo a"]);
    expect(steps.redo()).toBe(false);
    steps.didAgain("9");
    expect(steps.undo()).toBe(false);
    steps.tookBack("9");
    expect([steps.undo(), said.at(-1)]).toEqual([true, "undo a"]);
  });

  it("is taken back once, by key or by the message that offered it", () => {
    const { steps, said, did } = window();
    const offered = did("a");
    offered();
    offered();
    expect(said).toEqual(["undo a"]);
    expect(steps.undo()).toBe(false);
    const next = did("b");
    steps.undo();
    next();
    expect(said).toEqual(["undo a", "undo b"]);
  });
});
