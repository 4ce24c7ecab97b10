/** Whether the modifier of shortcuts is Cmd. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const NAMES: Record<string, string> = {
  $mod: isMac ? "⌘" : "Ctrl",
  Control: isMac ? "⌃" : "Ctrl",
  Meta: isMac ? "⌘" : "Meta",
  Alt: isMac ? "⌥" : "Alt",
  Shift: isMac ? "⇧" : "Shift",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Escape: "Esc",
  Backslash: "\\",
  Equal: "=",
  Minus: "-",
  Slash: "/",
  Period: ".",
  Comma: ",",
  NumpadAdd: "Num +",
  NumpadSubtract: "Num -",
  NumpadMultiply: "Num *",
  NumpadDivide: "Num /",
  NumpadDecimal: "Num .",
  NumpadEnter: "Num Enter",
};

/** Keys that are named by their place. */
const PLACES = /^(?:Key|Digit)([A-Z\d])$/;
const capOf = (part: string): string =>
  NAMES[part] ??
  PLACES.exec(part)?.[1] ??
  (part.length === 1 ? part.toUpperCase() : part.replace(/^Numpad(?=\d$)/, "Num "));

/**
 * The caps to draw for a key sequence: `"$mod+k"` → `[["Ctrl", "K"]]`, `"g i"` → `[["G"], ["I"]]`. Optional
 * modifiers (`[Shift]+?`) only follow where a layout puts the sign, so they are not drawn.
 */
export function keyCaps(sequence: string): string[][] {
  return sequence.split(" ").map((press) =>
    press
      .split(/(?<=.)\+(?=.)/)
      .filter((part) => !part.startsWith("[") || part === "[")
      .map(capOf),
  );
}

const ARIA_NAMES: Record<string, string> = {
  $mod: isMac ? "Meta" : "Control",
  "+": "Plus",
  Backslash: "\\",
  Equal: "=",
};

/**
 * A key in the names of `aria-keyshortcuts`: `"$mod+s"` → `"Control+S"`. That has no words for keys after each other, so
 * of a sequence there is none.
 */
export function ariaKeys(sequence: string): string | undefined {
  if (sequence.includes(" ")) return undefined;
  return sequence
    .split(/(?<=.)\+(?=.)/)
    .filter((part) => !part.startsWith("[") || part === "[")
    .map((part) => ARIA_NAMES[part] ?? part.replace(/^(?:Digit|Key)(?=[\dA-Z]$)/, ""))
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join("+");
}

/** The same as one line of text, for labels that a screen reader reads. */
export function keyText(sequence: string): string {
  return keyCaps(sequence)
    .map((caps) => caps.join("+"))
    .join(" then ");
}

/** Those of some key sequences that look different from all before them: several ways to one key are one to who reads. */
export function distinctKeys(sequences: readonly string[]): string[] {
  const texts = sequences.map(keyText);
  return sequences.filter((_, at) => texts.indexOf(texts[at] as string) === at);
}
