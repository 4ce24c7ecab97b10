const TEXT_FIELD =
  "input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable=true]";
const OPERABLE =
  "button,a[href],[role=button],[role=tab],[role=checkbox],[role=switch],[role=combobox],summary";
const POPUP = "[role=menu],[role=listbox],[data-keeps-keys]";
const ACTIVATION = new Set(["Enter", " "]);
const MOVES = new Set([
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageUp",
  "PageDown",
]);

/** Whether keys typed here are text. */
export function isTextField(target: Element | null): boolean {
  return target?.closest(TEXT_FIELD) != null;
}

/**
 * Whether the focused control itself has a use for this key: Enter presses a button, arrows walk a row of tabs, and
 * an open menu takes every key for its own search.
 */
export function keepsKey(target: Element | null, key: string): boolean {
  if (!target) return false;
  if (target.closest(POPUP)) return true;
  if (ACTIVATION.has(key)) return target.closest(OPERABLE) !== null;
  if (MOVES.has(key)) return target.closest("[role=tablist],[role=radiogroup],[data-keeps-arrows]") !== null;
  return false;
}
