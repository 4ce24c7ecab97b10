import { describe, expect, it } from "vitest";
import { UndoSteps } from "./undoSteps";

/** A window whose own steps say what happened to them, and go back and forth by one key each. */
function window() {
  const steps = new UndoSteps();
  const said: string[] = [];
  const named = (name: string) => ({
    undo: () => said.push(`undo ${name}`),
    redo: () => said.push(`redo ${name}`),
  });
  const did = (name: string) => steps.did(named(name));
  /** What is next: a step of the window is taken, an entry is answered. */
  const next = (again: boolean) => {
    const last = again ? steps.lastUndone : steps.lastDone;
    if (last?.kind !== "own") return last?.entry ?? null;
    if (again) steps.redo(last.step);
    else steps.undo(last.step);
    return said.at(-1);
  };
  const undo = () => next(false);
  const redo = () => next(true);
  return { steps, said, did, undo, redo };
}

describe("what a window did", () => {
  it("is taken back newest first, entries of the journal among its own steps", () => {
    const { steps, did, undo } = window();
    did("a");
    steps.wrote("7");
    did("b");
    expect([undo(), undo()]).toEqual(["undo b", "7"]);
    steps.turned("7", "8", "Resolved 1 issue", false);
    expect([undo(), undo()]).toEqual(["undo a", null]);
  });

  it("is done again in the order it was taken back, by the entries that took it back", () => {
    const { steps, did, undo, redo } = window();
    did("a");
    steps.wrote("7");
    steps.turned("7", "8", "Resolved 1 issue", false);
    undo();
    expect([redo(), redo()]).toEqual(["redo a", "8"]);
    steps.turned("8", "9", "Resolved 1 issue", true);
    expect(redo()).toBeNull();
    expect([undo(), steps.lastDone]).toEqual(["9", { kind: "entry", entry: "9", title: "Resolved 1 issue" }]);
    steps.turned("9", "10", "Resolved 1 issue", false);
    expect(undo()).toBe("undo a");
  });

  it("keeps what was taken back in part, so that the same key goes on with the rest", () => {
    const { steps, did, undo, redo } = window();
    did("a");
    steps.wrote("7");
    steps.turned("7", "8", "Resolved 9 issues", false, true);
    expect([steps.lastDone, redo()]).toEqual([{ kind: "entry", entry: "7", title: null, rest: true }, "8"]);
    // What was taken back is done again, and taken back before the rest is.
    steps.turned("8", "9", "Resolved 9 issues", true);
    expect([undo(), redo()]).toEqual(["9", null]);
    steps.turned("9", "10", "Resolved 9 issues", false);
    expect([undo(), redo()]).toEqual(["7", "10"]);
    // The rest is taken back by another entry, or by more of the same one.
    steps.turned("7", "8", "Resolved 9 issues", false, true);
    steps.turned("7", "8", "Resolved 9 issues", false);
    expect([redo(), undo(), undo()]).toEqual(["8", "undo a", null]);
  });

  it("goes on with what is older than the window and was stopped", () => {
    const { steps, undo, redo } = window();
    steps.turned("5", null, "Resolved 9 issues", false, true);
    expect([undo(), redo()]).toEqual(["5", null]);
    steps.turned("5", "6", "Resolved 9 issues", false);
    steps.turned("6", "7", "Resolved 9 issues", true, true);
    expect([undo(), redo()]).toEqual(["7", "6"]);
  });

  it("is not done again once something else is done, nor is what was undone before the window", () => {
    const { steps, did, undo, redo } = window();
    steps.turned("5", "6", "Resolved 1 issue", false);
    expect([redo(), steps.hasChanged]).toEqual(["6", false]);
    did("a");
    expect([redo(), steps.hasChanged]).toEqual([null, true]);
    undo();
    steps.wrote("7");
    expect(redo()).toBeNull();
  });

  it("is in one order with what was done before the window and was taken back in it", () => {
    const { steps, did, undo, redo } = window();
    did("a");
    undo();
    steps.turned("5", "6", "Resolved 1 issue", false);
    expect(redo()).toBe("6");
    steps.turned("6", "7", "Resolved 1 issue", true);
    expect([redo(), undo(), undo()]).toEqual(["redo a", "undo a", "7"]);
  });

  it("loses an entry that does not stand any more, and nothing else", () => {
    const { steps, did, undo } = window();
    did("a");
    steps.wrote("7");
    steps.forget("7");
    expect([undo(), undo(), steps.isOwn("7")]).toEqual(["undo a", null, true]);
  });

  it("is taken out of the middle by the journal, and the rest stays in order", () => {
    const { steps, did, undo, redo } = window();
    steps.wrote("7");
    did("a");
    expect(steps.isUndo("7", true)).toBe(false);
    steps.turned("7", "8", "Resolved 1 issue", false);
    expect(steps.isUndo("8", false)).toBe(true);
    expect([redo(), undo(), undo()]).toEqual(["8", "undo a", null]);
  });

  it("stays in order where the same is done again twice, the second time over what was changed since", () => {
    const { steps, did, undo, redo } = window();
    did("a");
    steps.wrote("7");
    steps.wrote("8");
    steps.turned("8", "9", "Resolved 2 issues", false);
    steps.turned("7", "10", "Resolved 1 issue", false);
    // In part, and then the rest of it.
    steps.turned("10", "11", "Resolved 1 issue", true);
    steps.turned("10", "12", "Resolved 1 issue", true);
    expect([redo(), undo()]).toEqual(["9", "12"]);
    steps.turned("12", "13", "Resolved 1 issue", false);
    expect(undo()).toBe("11");
    steps.turned("11", "14", "Resolved 1 issue", false);
    expect(undo()).toBe("undo a");
  });

  it("is not next again where taking it back changed nothing", () => {
    const { steps, undo, redo } = window();
    steps.wrote("7");
    steps.turned("7", null, "Resolved 1 issue", false);
    expect([undo(), redo()]).toEqual([null, null]);
  });

  it("is last where a job went on and wrote more of it", () => {
    const { steps, did, undo } = window();
    steps.wrote("7");
    did("a");
    steps.wrote("7");
    expect(undo()).toBe("7");
    steps.turned("7", "8", "Resolved 1 issue", false);
    expect([undo(), undo()]).toEqual(["undo a", null]);
  });

  it("is taken back once, by key or by the message that offered it", () => {
    const { said, did, undo } = window();
    const offered = did("a");
    offered();
    offered();
    expect([undo(), said]).toEqual([null, ["undo a"]]);
    const next = did("b");
    undo();
    next();
    expect(said).toEqual(["undo a", "undo b"]);
  });

  it("stays where it is while it is held up", () => {
    const { steps, said, undo, redo } = window();
    let isHeldUp = true;
    const offered = steps.did({
      undo: () => said.push("undo"),
      redo: () => said.push("redo"),
      isHeldUp: () => isHeldUp,
    });
    undo();
    offered();
    expect(said).toEqual([]);
    isHeldUp = false;
    expect(undo()).toBe("undo");
    isHeldUp = true;
    redo();
    expect(said).toEqual(["undo"]);
    isHeldUp = false;
    expect(redo()).toBe("redo");
  });

  it("is nothing of another store, and what offered it does nothing there", () => {
    const { steps, said, did, undo, redo } = window();
    steps.wrote("7");
    const offered = did("a");
    steps.clear();
    offered();
    expect([undo(), redo(), said, steps.isOwn("7"), steps.hasChanged]).toEqual([
      null,
      null,
      [],
      false,
      false,
    ]);
  });
});
