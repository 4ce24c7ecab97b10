import { describe, expect, it } from "vitest";
import { ACTION_IDS, type ActionId, listed, meet } from "./catalogue";
import { conflictsOf, keysOf, knownBindings, knownPreset, LEADER, takingOver, withBinding } from "./keymap";
import { readKeymap, writeKeymap } from "./keymapText";
import { PRESET_BINDINGS, PRESETS } from "./presets";
import { collide, isSequence, pressOf } from "./sequences";

const PICKET = { keyPreset: "picket", keyBindings: {} } as const;
const press = (key: string, more: Partial<KeyboardEventInit> = {}) =>
  pressOf(new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, ...more }));

describe("key sequences", () => {
  it("are one or two presses", () => {
    for (const fine of [
      "e",
      "g i",
      "$mod+k",
      "[Shift]+?",
      "$mod++",
      "Shift+Digit1",
      "F8",
      "]",
      "Alt+ArrowLeft",
    ]) {
      expect(isSequence(fine), fine).toBe(true);
    }
    for (const odd of ["", " ", "Crtl+k", "g i x", "Hyper", "$mod+", "ab", "g  i"]) {
      expect(isSequence(odd), odd).toBe(false);
    }
  });

  it("get in each other's way where one is, or begins, the other", () => {
    for (const [a, b] of [
      ["e", "e"],
      ["b", "b s"],
      ["g g", "g g"],
      ["[Shift]+#", "#"],
      ["$mod+=", "$mod+[Shift]+Equal"],
      ["$mod+f", "Control+f"],
      ["Space", "[Shift]+Space"],
      ["KeyE", "e"],
      // What a layout prints above a digit is one press with it, and so is a digit that needs Shift.
      ["Shift+3", "[Shift]+#"],
      ["Shift+Digit3", "[Shift]+#"],
      ["Shift+3", "Shift+Digit3"],
      ["Shift+Digit8 a", "[Shift]+* a"],
      ["Shift+Slash", "[Shift]+?"],
      ["$mod+Shift+Equal", "$mod+[Shift]++"],
      ["$mod+NumpadAdd", "$mod++"],
      ["$mod+NumpadEnter", "$mod+Enter"],
      ["Alt+1", "Alt+Digit1"],
    ] as const) {
      expect(collide(a, b), `${a} and ${b}`).toBe(true);
      expect(collide(b, a), `${b} and ${a}`).toBe(true);
    }
    for (const [a, b] of [
      ["e", "Shift+e"],
      ["g i", "g l"],
      ["$mod+e", "e"],
      ["1", "Shift+Digit1"],
      ["3", "[Shift]+#"],
      ["Digit3", "[Shift]+#"],
      ["Shift+3", "[Shift]+@"],
      ["Numpad3", "Digit3"],
      ["b", "g b"],
    ] as const) {
      expect(collide(a, b), `${a} and ${b}`).toBe(false);
    }
  });

  it("are written as they are bound when they are pressed", () => {
    expect(press("e")).toBe("e");
    expect(press("E", { shiftKey: true })).toBe("Shift+e");
    expect(press("k", { ctrlKey: true })).toBe("$mod+k");
    expect(press("#", { shiftKey: true, code: "Digit3" })).toBe("[Shift]+#");
    expect(press(" ", { shiftKey: true, code: "Space" })).toBe("Shift+Space");
    expect(press("F8")).toBe("F8");
    expect(press("+", { ctrlKey: true, code: "BracketRight" })).toBe("$mod+[Shift]++");
    expect(press("a", { altKey: true, code: "KeyQ" })).toBe("Alt+a");
    expect(press("∑", { altKey: true, code: "KeyW" })).toBe("Alt+KeyW");
    expect(press("Shift", { shiftKey: true })).toBeNull();
  });
});

describe("the keymap", () => {
  it("has the user's own keys before those of the preset, and these before the first ones", () => {
    expect(keysOf("triage.bookmark", PICKET)).toEqual(["Shift+b"]);
    expect(keysOf("triage.bookmark", { ...PICKET, keyPreset: "mail" })).toEqual(["s"]);
    const own = { "triage.bookmark": ["y"] };
    expect(keysOf("triage.bookmark", { keyPreset: "mail", keyBindings: own })).toEqual(["y"]);
    expect(keysOf("triage.bookmark", { keyPreset: "mail", keyBindings: { "triage.bookmark": [] } })).toEqual(
      [],
    );
  });

  it("drops what it does not know of what was kept", () => {
    expect(
      knownBindings({ "triage.resolve": ["q"], "no.such": ["x"], undo: ["Crtl+z"], redo: "x", palette: [] }),
    ).toEqual({ "triage.resolve": ["q"], palette: [] });
    for (const odd of [null, 3, "x", ["x"]]) expect(knownBindings(odd)).toEqual({});
    expect(knownPreset("vim")).toBe("vim");
    expect(knownPreset("emacs")).toBeNull();
  });

  it("names whom keys belong to, where both can act", () => {
    expect(conflictsOf("inbox.density", "e", PICKET)).toEqual([{ id: "triage.resolve", keys: "e" }]);
    // Live is another screen than those where issues are decided on.
    expect(conflictsOf("live.toggle", "e", PICKET)).toEqual([]);
    expect(conflictsOf("go.inbox", "t", PICKET).map(({ id }) => id)).toEqual([
      "inbox.triage",
      "issue.table",
      "outcomes.table",
    ]);
  });

  it("takes keys over, and leaves the others that the action has", () => {
    const taken = takingOver("inbox.density", "j", PICKET);
    expect(taken).toEqual({ "inbox.density": ["j"], "inbox.next": ["ArrowDown"] });
    expect(conflictsOf("inbox.density", "j", { ...PICKET, keyBindings: taken })).toEqual([]);
  });

  it("keeps nothing that says what the preset says", () => {
    const own = withBinding("inbox.density", ["q"], PICKET);
    expect(own).toEqual({ "inbox.density": ["q"] });
    expect(withBinding("inbox.density", ["d"], { ...PICKET, keyBindings: own })).toEqual({});
  });
});

describe.each(PRESETS)("the preset %s", (keyPreset) => {
  const choices = { keyPreset, keyBindings: {} };

  it("has keys that can be pressed, and none that single keys are behind", () => {
    for (const id of ACTION_IDS) {
      for (const sequence of keysOf(id, choices)) {
        expect(isSequence(sequence), `${id}: ${sequence}`).toBe(true);
        expect(collide(sequence, LEADER), `${id}: ${sequence}`).toBe(false);
      }
    }
  });

  it("gives no two actions that can act together the same keys", () => {
    const clashes = ACTION_IDS.flatMap((id) =>
      keysOf(id, choices).flatMap((sequence) =>
        conflictsOf(id, sequence, choices).map((other) => `${id} ${sequence}: ${other.id} ${other.keys}`),
      ),
    );
    expect(clashes).toEqual([]);
  });

  it("changes only what it says", () => {
    for (const [id, keys] of Object.entries(PRESET_BINDINGS[keyPreset])) {
      expect(listed(id as ActionId).keys, id).not.toEqual(keys);
    }
  });
});

describe("places", () => {
  it("tell which actions can act together", () => {
    expect(meet("palette", "live.toggle")).toBe(true);
    expect(meet("triage.resolve", "issue.next")).toBe(true);
    expect(meet("inbox.next", "letters.next")).toBe(false);
    expect(meet("triage-mode.end", "triage-mode.leave")).toBe(false);
  });
});

describe("keys as text", () => {
  const choices = { keyPreset: "vim", keyBindings: { "triage.resolve": ["q"], help: [] } } as const;

  it("come back as they went", () => {
    const text = writeKeymap(choices);
    expect(text.split("\n")[3]).toBe('    "triage.resolve": ["q"],');
    expect(readKeymap(text)).toEqual({ choices, problems: null });
    expect(readKeymap(writeKeymap(PICKET))).toEqual({ choices: PICKET, problems: null });
  });

  it("name the line and the action of everything that is wrong", () => {
    const text = `{
  "preset": "emacs",
  "bindings": {
    "no.such": ["x"],
    "undo": ["Crtl+z"],
    "redo": "x",
    "help": ["h"]
  }
}`;
    const { choices: read, problems } = readKeymap(text);
    expect(read).toBeNull();
    expect(problems?.map((problem) => problem.slice(0, 7))).toEqual([
      "Line 2:",
      "Line 4:",
      "Line 5:",
      "Line 6:",
    ]);
    expect(problems?.join("\n")).toMatch(/emacs[\s\S]*no\.such[\s\S]*Crtl\+z[\s\S]*redo/);
  });

  it("say where a text stops being JSON", () => {
    const broken = (text: string) => readKeymap(text).problems?.join();
    expect(broken('{\n  "preset": "vim"\n  "bindings": {}\n}')).toMatch(/^Line 3 cannot be read/);
    expect(broken('{"bindings": {\n"undo": ["x",]\n}}')).toMatch(/^Line 2 cannot/);
    expect(broken("")).toMatch(/^Line 1 cannot/);
    expect(broken('{"bindings": {}} x')).toMatch(/^Line 1 cannot/);
    expect(broken("[1, -2.5e3, true, null]")).toMatch(/no “bindings”/);
  });
});
