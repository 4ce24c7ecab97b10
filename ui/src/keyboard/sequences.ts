import { isMac } from "@/lib/platform";

/** Keys of one sequence at most. */
export const LONGEST = 2;

/** Keys with a name, as `KeyboardEvent.key` has them, and places of keys that a binding may name. */
const NAMED =
  /^(Enter|Escape|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Arrow(Up|Down|Left|Right)|F([1-9]|1\d|2[0-4])|Space|Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal|Enter)|Minus|Equal|Backslash|Slash|Period|Comma)$/;
const MODIFIERS = ["$mod", "Control", "Meta", "Alt", "Shift"] as const;
type Modifier = (typeof MODIFIERS)[number];
const MOD = isMac ? "Meta" : "Control";
/** What is printed on keys that are named by their place, without Shift and with it, on the layout their names come from. */
const PRINTED: Record<string, readonly [string, string]> = {
  Space: [" ", " "],
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  Backslash: ["\\", "|"],
  Slash: ["/", "?"],
  Period: [".", ">"],
  Comma: [",", "<"],
  NumpadAdd: ["+", "+"],
  NumpadSubtract: ["-", "-"],
  NumpadMultiply: ["*", "*"],
  NumpadDivide: ["/", "/"],
  NumpadDecimal: [".", "."],
  NumpadEnter: ["enter", "enter"],
};
/** Signs above the digits 0 to 9 of that layout. */
const ABOVE_DIGITS = ")!@#$%^&*(";

/** One press: what has to be held, what may be, and the key. */
interface Press {
  held: ReadonlySet<string>;
  optional: ReadonlySet<string>;
  /** Name or character, as `KeyboardEvent.key` has it, in lower case; null where it is meant by its place. */
  sign: string | null;
  /** Place, as `KeyboardEvent.code` has it; null where it is meant by what it prints. */
  place: string | null;
}

const DIGIT = /^\d$/;
const PLACED = /^(Key[A-Z]|Digit\d|Numpad\d)$/;

const parts = (press: string) => press.split(/(?<=.)\+(?=.)/);

function readPress(text: string): Press | null {
  const modifiers = parts(text);
  const key = modifiers.pop() ?? "";
  const held = new Set<string>();
  const optional = new Set<string>();
  for (const written of modifiers) {
    const isOptional = written.startsWith("[") && written.endsWith("]");
    const name = isOptional ? written.slice(1, -1) : written;
    if (!MODIFIERS.includes(name as Modifier)) return null;
    (isOptional ? optional : held).add(name === "$mod" ? MOD : name);
  }
  const isSign = [...key].length === 1 && key.trim() !== "";
  if (!isSign && !NAMED.test(key)) return null;
  if (held.has("Shift") && DIGIT.test(key)) return { held, optional, sign: null, place: `Digit${key}` };
  const isPlace = PLACED.test(key) || PRINTED[key] !== undefined;
  return { held, optional, sign: isPlace ? null : key.toLowerCase(), place: isPlace ? key : null };
}

/**
 * A sequence as it is matched with events. A digit with Shift is meant by its place: most layouts have a sign there, so
 * that no event of it has the digit for its key.
 */
export function matched(sequence: string): string {
  return sequence
    .split(" ")
    .map((press) => {
      const modifiers = parts(press);
      const key = modifiers.pop() ?? "";
      return modifiers.includes("Shift") && DIGIT.test(key) ? [...modifiers, `Digit${key}`].join("+") : press;
    })
    .join(" ");
}

/** What a press can have for its key. A place has what is printed there, and a digit where layouts have it above a sign. */
function signsOf({ sign, place, held, optional }: Press): readonly string[] {
  if (place === null) return sign === null ? [] : [sign];
  const [, row, name = ""] = /^(Key|Digit|Numpad)(.)$/.exec(place) ?? [];
  const plain = PRINTED[place]?.[0] ?? name.toLowerCase();
  const shifted =
    row === "Digit" ? [ABOVE_DIGITS[Number(name)] ?? plain, plain] : [PRINTED[place]?.[1] ?? plain];
  if (held.has("Shift")) return shifted;
  return optional.has("Shift") ? [plain, ...shifted] : [plain];
}

const read = new Map<string, readonly (Press | null)[]>();
function pressesOf(sequence: string): readonly (Press | null)[] {
  const known = read.get(sequence) ?? sequence.split(" ").map(readPress);
  read.set(sequence, known);
  return known;
}

/** Whether a text is a sequence that can be bound: one or two presses in tinykeys' notation. */
export function isSequence(text: string): boolean {
  const presses = text.split(" ").map(readPress);
  return presses.length <= LONGEST && presses.every((press) => press !== null);
}

/**
 * Whether one press can be both: `#` is what Shift prints in the place of the 3 on many layouts. A sign that needs Shift
 * on some layouts counts as itself with and without.
 */
function same(a: Press, b: Press): boolean {
  const signs = signsOf(b);
  const isOne =
    a.place !== null && b.place !== null
      ? a.place === b.place
      : signsOf(a).some((sign) => signs.includes(sign));
  if (!isOne) return false;
  const fits = (of: Press, other: Press) =>
    [...of.held].every((modifier) => other.held.has(modifier) || other.optional.has(modifier));
  return fits(a, b) && fits(b, a);
}

/** Whether two sequences get in each other's way: they are the same, or one is over before the other. */
export function collide(a: string, b: string): boolean {
  const [presses, others] = [pressesOf(a), pressesOf(b)];
  return Array.from({ length: Math.min(presses.length, others.length) }).every((_, at) => {
    const [press, other] = [presses[at], others[at]];
    return press != null && other != null && same(press, other);
  });
}

const MODIFIER_KEYS = new Set([
  "Shift",
  "Control",
  "Alt",
  "Meta",
  "AltGraph",
  "Dead",
  "Process",
  "Unidentified",
]);

/** A press as it is bound, in tinykeys' notation; null for one that is none by itself. */
export function pressOf(event: KeyEvent): string | null {
  if (MODIFIER_KEYS.has(event.key)) return null;
  const held: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) held.push("$mod");
  if (isMac && event.ctrlKey) held.push("Control");
  if (!isMac && event.metaKey) held.push("Meta");
  if (event.altKey) held.push("Alt");
  const shift = event.shiftKey ? ["Shift"] : [];
  const { key, code } = event;
  if (key === " ") return [...held, ...shift, "Space"].join("+");
  if ([...key].length > 1) return [...held, ...shift, key].join("+");
  // Alt makes other characters of letters on some systems; then the place of the key is meant.
  const isPlace = event.altKey && /^(Key[A-Z]|Digit\d)$/.test(code) && !/^[a-z\d]$/i.test(key);
  if (isPlace) return [...held, ...shift, code].join("+");
  if (key.toLowerCase() !== key.toUpperCase()) return [...held, ...shift, key.toLowerCase()].join("+");
  if (DIGIT.test(key)) return [...held, ...shift, key].join("+");
  // Whether a sign needs Shift is a matter of the layout.
  return [...held, "[Shift]", key].join("+");
}

/** What of a key event says which press it is. */
export type KeyEvent = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;
