import { ACTION_IDS, type ActionId, isActionId, listed, meet } from "./catalogue";
import { type Bindings, PRESET_BINDINGS, PRESETS, type Preset } from "./presets";
import { collide, isSequence } from "./sequences";

/** What is pressed before a single key where those are switched off. */
export const LEADER = "$mod+.";

/** Which keys the user chose: a preset, and what differs from it. */
export interface KeyChoices {
  keyPreset: Preset;
  keyBindings: Bindings;
}

/** Keys of an action in a preset. */
export const presetKeys = (id: ActionId, preset: Preset): readonly string[] =>
  PRESET_BINDINGS[preset][id] ?? listed(id).keys;

/** Keys of an action now: the user's own, else those of the preset, else those it has at first (UX 9). */
export const keysOf = (id: ActionId, { keyPreset, keyBindings }: KeyChoices): readonly string[] =>
  keyBindings[id] ?? presetKeys(id, keyPreset);

/** The first key of an action now; undefined where it has none. */
export const firstKey = (id: ActionId, choices: KeyChoices): string | undefined => keysOf(id, choices)[0];

/** An action that has keys already, and the first of its sequences that is in the way. */
export interface Conflict {
  id: ActionId;
  keys: string;
}

/** Actions that the sequence would get in the way of, if `id` had it: those that can act in the same place. */
export function conflictsOf(id: ActionId, sequence: string, choices: KeyChoices): Conflict[] {
  return ACTION_IDS.filter((other) => other !== id && meet(id, other)).flatMap((other) => {
    const keys = keysOf(other, choices).find((taken) => collide(taken, sequence));
    return keys === undefined ? [] : [{ id: other, keys }];
  });
}

/** Own bindings with another one, which is left out where it says what the preset says. */
export function withBinding(id: ActionId, keys: readonly string[], choices: KeyChoices): Bindings {
  const { [id]: _, ...others } = choices.keyBindings;
  return sameKeys(keys, presetKeys(id, choices.keyPreset)) ? others : { ...others, [id]: keys };
}

/** The same, with the sequence taken from every action that it would get in the way of. */
export function takingOver(id: ActionId, sequence: string, choices: KeyChoices): Bindings {
  let { keyBindings } = choices;
  for (const { id: other } of conflictsOf(id, sequence, choices)) {
    const left = keysOf(other, choices).filter((keys) => !collide(keys, sequence));
    keyBindings = withBinding(other, left, { ...choices, keyBindings });
  }
  return withBinding(id, [sequence], { ...choices, keyBindings });
}

const sameKeys = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((keys, at) => keys === b[at]);

/** Whether a value can be the keys of an action. */
export const areKeys = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((keys) => typeof keys === "string" && isSequence(keys));

/** Bindings that were kept, as far as this version knows their actions and keys. */
export function knownBindings(value: unknown): Bindings {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([id, keys]) => isActionId(id) && areKeys(keys)));
}

/** A preset by its name, as far as this version knows it. */
export const knownPreset = (word: unknown): Preset | null =>
  PRESETS.find((preset) => preset === word) ?? null;
