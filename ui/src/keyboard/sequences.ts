import { isMac } from "@/lib/platform";

/** Keys of one sequence at most. */
export const LONGEST = 2;

/** Keys with a name, as `KeyboardEvent.key` has them, and places of keys that a binding may name. */
const NAMED =
  /^(Enter|Escape|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Arrow(Up|Down|Left|Right)|F([1-9]|1\d|2[0-4])|Space|Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal|Enter)|Minus|Equal|Backslash|Slash|Period|Comma)$/;
const MODIFIERS = ["$mod", "Control", "Meta", "Alt", "Shift"] as const;
type Modifier = (typeof MODIFIERS)[number];
const MOD = isMac ? "Meta" : "Control";
/** What is printed on keys that are named by their place, on the layout their names come from. */
const PRINTED: Record<string, string> = {
  Space: " ",
  Minus: "-",
  Equal: "=",
  Backslash: "\\",
  Slash: "/",
  Period: ".",
  Comma: ",",
};

/** One press: what has to be held, what may be, and the key. */
interface Press {
  held: ReadonlySet<string>;
  optional: ReadonlySet<string>;
  key: string;
}

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
  return isSign || NAMED.test(key) ? { held, optional, key: plainKey(key) } : null;
}

/** The key as it prints, so that `KeyK` and `k`, and `Equal` and `=`, are told to be the same. */
function plainKey(key: string): string {
  const place = /^(?:Key|Digit)(.)$/.exec(key)?.[1];
  return (place ?? PRINTED[key] ?? key).toLowerCase();
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

/** Whether one press can be both. A sign that needs Shift on some layouts counts as itself with and without. */
function same(a: Press, b: Press): boolean {
  if (a.key !== b.key) return false;
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
  if (/^\d$/.test(key)) return [...held, ...shift, key].join("+");
  // Whether a sign needs Shift is a matter of the layout.
  return [...held, "[Shift]", key].join("+");
}

/** What of a key event says which press it is. */
export type KeyEvent = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;
