import { jsonBreakLine } from "@/lib/jsonBreak";
import { isActionId } from "./catalogue";
import { areKeys, type KeyChoices, knownPreset } from "./keymap";
import { type Bindings, PRESETS } from "./presets";
import { isSequence } from "./sequences";

/** What was read from a text, or everything that is wrong with it in words: then nothing of it counts. */
export type ReadKeymap = { choices: KeyChoices; problems: null } | { choices: null; problems: string[] };

/** Preset and own keys as text that another Picket takes: JSON, an action a line. */
export function writeKeymap({ keyPreset, keyBindings }: KeyChoices): string {
  const lines = Object.entries(keyBindings).map(
    ([id, keys]) =>
      `    ${JSON.stringify(id)}: [${keys.map((sequence) => JSON.stringify(sequence)).join(", ")}]`,
  );
  const bindings = lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n  }`;
  return `{\n  "preset": ${JSON.stringify(keyPreset)},\n  "bindings": ${bindings}\n}\n`;
}

/** Reads what {@link writeKeymap} wrote, or somebody by hand. */
export function readKeymap(text: string): ReadKeymap {
  const wrong = (...problems: string[]): ReadKeymap => ({ choices: null, problems });
  const broken = jsonBreakLine(text);
  if (broken !== null) {
    return wrong(`Line ${broken} cannot be read: a quote, a comma or a bracket is missing or one too many.`);
  }
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return wrong("The text cannot be read. Copy the keys again and paste all of them.");
  }
  if (!isRecord(read) || !isRecord(read.bindings)) {
    return wrong("The text has no “bindings”. Copy the keys of another Picket and paste all of them.");
  }
  const problems: string[] = [];
  const keyPreset = read.preset === undefined ? "picket" : knownPreset(read.preset);
  if (keyPreset === null) {
    problems.push(
      `${lineOf(text, "preset")} there is no preset ${JSON.stringify(read.preset)}. There are ${PRESETS.join(", ")}.`,
    );
  }
  const keyBindings: Bindings = Object.fromEntries(
    Object.entries(read.bindings).flatMap(([id, keys]) => {
      const problem = problemOf(id, keys);
      if (problem === null) return [[id, keys]];
      problems.push(`${lineOf(text, id)} ${problem}`);
      return [];
    }),
  );
  if (problems.length > 0 || keyPreset === null) return wrong(...problems);
  return { choices: { keyPreset, keyBindings }, problems: null };
}

function problemOf(id: string, keys: unknown): string | null {
  if (!isActionId(id)) return `there is no action “${id}”.`;
  if (areKeys(keys)) return null;
  if (!Array.isArray(keys)) return `the keys of “${id}” have to be a list, as in ["g i"].`;
  const odd = keys.find((sequence) => typeof sequence !== "string" || !isSequence(sequence));
  return `${JSON.stringify(odd)} of “${id}” are no keys. They are written as in "$mod+k", "Shift+g" or "g i", two at most.`;
}

/** `Line 3:`, where the name stands. */
function lineOf(text: string, name: string): string {
  const at = text.indexOf(JSON.stringify(name));
  return at === -1 ? "In it," : `Line ${text.slice(0, at).split("\n").length}:`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
