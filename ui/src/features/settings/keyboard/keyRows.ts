import { ACTION_IDS, type ActionId, listed, placesText } from "@/keyboard/catalogue";
import { type Conflict, conflictsOf, type KeyChoices, keysOf } from "@/keyboard/keymap";
import { collide } from "@/keyboard/sequences";
import { keyText } from "@/lib/platform";
import type { KeyQuery } from "./KeySearch";

/** An action in the table of keys. */
export interface KeyRow {
  id: ActionId;
  title: string;
  /** Heading it is listed under, and where it works: `Triage · Inbox, Issue`. */
  where: string;
  keys: readonly string[];
  /** The user has chosen these keys. */
  isOwn: boolean;
  /** Actions that some of the keys belong to as well; a change of preset can lead there. */
  conflicts: readonly Conflict[];
}

/** All actions with the keys they have. */
export const keyRows = (choices: KeyChoices): KeyRow[] =>
  ACTION_IDS.map((id) => {
    const keys = keysOf(id, choices);
    return {
      id,
      title: listed(id).title,
      where: `${listed(id).section} · ${placesText(id)}`,
      keys,
      isOwn: choices.keyBindings[id] !== undefined,
      conflicts: keys.flatMap((sequence) => conflictsOf(id, sequence, choices)),
    };
  });

/** The rows that are looked for. */
export function findRows(rows: readonly KeyRow[], query: KeyQuery): readonly KeyRow[] {
  if (query.by === "keys") {
    const pressed = query.presses.join(" ");
    return pressed === ""
      ? rows
      : rows.filter(({ keys }) => keys.some((sequence) => collide(sequence, pressed)));
  }
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ title, where, keys }) => {
    const text = `${title} ${where} ${keys.join(" ")} ${keys.map(keyText).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
