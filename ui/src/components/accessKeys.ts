import { isMac } from "@/lib/platform";

/** What has a letter. Lists of many like controls have keys of their own, and an icon has no letter to underline. */
const CONTROLS = "button,input:not([type=hidden]),textarea,[role=checkbox],[role=radio],[role=combobox]";
const WITHOUT = "ul,ol,table,[role=listbox],[role=grid],[aria-hidden=true]";
/** Parts of a control's words that are none of its name. */
const NO_WORDS = "kbd,svg,[aria-hidden=true],.visually-hidden";
/** What a press does; the others get the keyboard and wait. */
const PRESSED = "button:not([role=combobox]),[role=checkbox],[role=radio]";

/** Underlines letters without an element around each: what is drawn belongs to whoever draws it. */
const marks = typeof Highlight === "undefined" ? null : new Highlight();
if (marks) CSS.highlights.set("access-key", marks);

/** The texts that name a control, in their order. */
function words(control: HTMLElement): Text[] {
  const named = control.closest("label") ?? control;
  const walker = document.createTreeWalker(named, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    const part = text.parentElement;
    // What stands in a field is not its name.
    const isValue = named !== control && control.contains(text);
    if (part && !isValue && part.closest(NO_WORDS) === null) found.push(text);
  }
  return found;
}

interface Letter {
  letter: string;
  text: Text;
  at: number;
}

/** The first letter of the words that can be had: of those that begin a word, or else of all. */
function letterIn(texts: readonly Text[], canBeHad: (letter: string) => boolean): Letter | null {
  for (const pattern of [/\b[a-z]/gi, /[a-z]/gi]) {
    for (const text of texts) {
      for (const { 0: sign, index } of text.data.matchAll(pattern)) {
        const letter = sign.toLowerCase();
        if (canBeHad(letter)) return { letter, text, at: index };
      }
    }
  }
  return null;
}

/**
 * Alt and an underlined letter press a control of a dialog or lead to it, also from within a text (UX 9.6). On a Mac Alt
 * writes signs, and dialogs have no such letters there.
 */
export class AccessKeys {
  private letters = new Map<string, HTMLElement>();
  private readonly ranges: Range[] = [];
  private readonly changes = new MutationObserver(() => this.assign());

  constructor(private readonly root: HTMLElement) {
    if (isMac) return;
    root.addEventListener("keydown", this.onKeyDown);
    this.watch();
    this.assign();
  }

  destroy(): void {
    this.changes.disconnect();
    this.root.removeEventListener("keydown", this.onKeyDown);
    this.unmark();
  }

  private watch(): void {
    this.changes.observe(this.root, { childList: true, subtree: true, characterData: true });
  }

  /** What has words, the buttons at the end first: every dialog has them, and they get the letters one expects. */
  private controls(): HTMLElement[] {
    const all = [...this.root.querySelectorAll<HTMLElement>(CONTROLS)].filter(
      // Of some radio buttons only one is a stop of the keyboard.
      (control) => control.closest(WITHOUT) === null && (control.tabIndex >= 0 || control.role === "radio"),
    );
    const isAtEnd = (control: HTMLElement) => control.closest("footer") !== null;
    return [...all.filter(isAtEnd), ...all.filter((control) => !isAtEnd(control))];
  }

  /** A control keeps its letter for as long as its name has it; new ones get what is free. */
  private assign(): void {
    const before = new Map([...this.letters].map(([letter, control]) => [control, letter]));
    const controls = this.controls();
    const next = new Map<string, HTMLElement>();
    const give = (control: HTMLElement, canBeHad: (letter: string) => boolean) => {
      const found = letterIn(words(control), canBeHad);
      if (!found) return;
      next.set(found.letter, control);
      this.mark(control, found);
    };
    this.unmark();
    for (const control of controls) {
      const kept = before.get(control);
      if (kept !== undefined) give(control, (letter) => letter === kept);
    }
    const having = new Set(next.values());
    for (const control of before.keys()) {
      if (!having.has(control)) control.removeAttribute("aria-keyshortcuts");
    }
    for (const control of controls) {
      if (!having.has(control)) give(control, (letter) => !next.has(letter));
    }
    this.letters = next;
  }

  private mark(control: HTMLElement, { letter, text, at }: Letter): void {
    const shortcut = `Alt+${letter.toUpperCase()}`;
    if (control.getAttribute("aria-keyshortcuts") !== shortcut)
      control.setAttribute("aria-keyshortcuts", shortcut);
    if (!marks) return;
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    marks.add(range);
    this.ranges.push(range);
  }

  private unmark(): void {
    for (const range of this.ranges.splice(0)) marks?.delete(range);
  }

  private readonly onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (event.getModifierState("AltGraph")) return;
    const control = this.letters.get(event.key.toLowerCase());
    if (!control) return;
    event.preventDefault();
    control.focus();
    if (control.matches(PRESSED)) control.click();
    else if (control instanceof HTMLInputElement) control.select();
  };
}
