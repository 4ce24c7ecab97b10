/** What a press is told by, as far as bindings are compared with it. */
export type Heard = Pick<KeyboardEvent, "key" | "code" | "getModifierState">;

/** Signs that are bound, by the place they have on the layout that bindings are written for; with Shift the second. */
const SIGNS: Readonly<Record<string, readonly [string, string | null]>> = {
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  // With Shift they are bound by their places, where they are bound.
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => [`Digit${digit}`, [`${digit}`, null]])),
};

/** Whether a press printed a sign by the third level of its layout. What was held for that is no part of it. */
export const isThirdLevel = (event: Heard): boolean =>
  [...event.key].length === 1 && event.getModifierState("AltGraph");

/**
 * How a press can be meant, most literal first (UX 9): as it is; where a layout has a sign behind AltGr, as that sign
 * alone; and where it has another sign in its place, or needs Shift for a digit, by that place.
 */
export function waysToHear(event: Heard): Heard[] {
  const { key, code } = event;
  if (isThirdLevel(event)) {
    const held = (modifier: string) =>
      !["Alt", "Control", "AltGraph"].includes(modifier) && event.getModifierState(modifier);
    return [event, { key, code, getModifierState: held }];
  }
  if (event.getModifierState("Shift") && /^Digit\d$/.test(code) && /^\d$/.test(key)) {
    const held = (modifier: string) => modifier !== "Shift" && event.getModifierState(modifier);
    return [event, { key, code, getModifierState: held }];
  }
  const sign = SIGNS[code]?.[event.getModifierState("Shift") ? 1 : 0];
  if (sign === undefined || sign === null || sign === key) return [event];
  return [event, { key: sign, code, getModifierState: (modifier) => event.getModifierState(modifier) }];
}
