import { usePreferences } from "@/app/preferences";
import { ariaKeys, keyText } from "@/lib/platform";
import type { ActionId } from "./catalogue";
import { pressedKeys } from "./keyboard";
import { firstKey, keysOf } from "./keymap";

/** Says of a key sequence what has to be pressed for it as the preferences are now. */
export function usePressedKeys(): (sequence: string) => string {
  const { singleKeys } = usePreferences();
  return (sequence) => pressedKeys(sequence, singleKeys);
}

/** The same in the names of `aria-keyshortcuts`; undefined where that cannot say it. */
export function useAriaKeys(): (sequence: string | undefined) => string | undefined {
  const pressed = usePressedKeys();
  return (sequence) => (sequence === undefined ? undefined : ariaKeys(pressed(sequence)));
}

/** Keys of actions as the preferences are now, for whatever names them. */
interface Keymap {
  /** All sequences of an action. */
  all: (action: ActionId) => readonly string[];
  /** The sequence that is shown; undefined where the action has no key. */
  first: (action: ActionId) => string | undefined;
  /** What has to be pressed for it, as text: `Ctrl+K`; null where the action has no key. */
  words: (action: ActionId) => string | null;
  /** What has to be pressed for it, in the names of `aria-keyshortcuts`. */
  aria: (action: ActionId) => string | undefined;
  /** A tip of a control with the key behind it: `Sort the list: S`. */
  tip: (text: string, action: ActionId) => string;
}

/** The tip of a button whose name stands on it. */
export const keyTip = (keys: string | null): string | undefined =>
  keys === null ? undefined : `Key: ${keys}`;

/** Keys of actions, kept current. */
export function useKeymap(): Keymap {
  const choices = usePreferences();
  const pressed = usePressedKeys();
  const aria = useAriaKeys();
  const first = (action: ActionId) => firstKey(action, choices);
  const words = (action: ActionId) => {
    const keys = first(action);
    return keys === undefined ? null : keyText(pressed(keys));
  };
  return {
    all: (action) => keysOf(action, choices),
    first,
    words,
    aria: (action) => aria(first(action)),
    tip: (text, action) => {
      const keys = words(action);
      return keys === null ? text : `${text}: ${keys}`;
    },
  };
}
