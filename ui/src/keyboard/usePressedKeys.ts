import { usePreferences } from "@/app/preferences";
import { ariaKeys } from "@/lib/platform";
import { pressedKeys } from "./keyboard";

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
