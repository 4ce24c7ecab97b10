import { usePreferences } from "@/app/preferences";
import { pressedKeys } from "./keyboard";

/** Says of a key sequence what has to be pressed for it as the preferences are now. */
export function usePressedKeys(): (sequence: string) => string {
  const { singleKeys } = usePreferences();
  return (sequence) => pressedKeys(sequence, singleKeys);
}
