import { type KeybindingPress, matchKeybindingPress, parseKeybinding } from "tinykeys";
import { createValueStore } from "@/lib/valueStore";
import type { Argument } from "./arguments";
import { isActionId } from "./catalogue";
import { type KeyChoices, keysOf, LEADER } from "./keymap";
import { type Heard, isThirdLevel, waysToHear } from "./layouts";
import { matched } from "./sequences";
import { isTextField, keepsKey } from "./targets";

/**
 * One thing the user can do. The registry below is the only list of them: shortcuts, the command palette and the
 * help sheet all read it, so none of the three can promise what another does not do.
 */
export interface Action {
  /** Stable name; of two registered actions with one id the later wins, and any over one of the window. */
  id: string;
  /** Sentence-case verb phrase, as the palette shows it. */
  title: string;
  /** Heading it is listed under. */
  section: string;
  /**
   * Key sequences in tinykeys' notation. The first one is the one that is shown. Left out, an action of the catalogue has
   * those of the keymap; none at all where another action has its key on this screen.
   */
  keys?: readonly string[];
  run: () => void;
  /** Why it cannot run now; absent or null when it can. */
  unavailable?: string | null;
  /** What the palette can ask for before it runs. */
  argument?: Argument;
  /** False keeps it out of the palette: moves, which only make sense as keys. */
  inPalette?: boolean;
  /** True lets it act while a text field has focus. Never for a plain letter. */
  inTextFields?: boolean;
}

interface Layer {
  actions: readonly Action[];
  ofWindow: boolean;
}

interface Progress {
  action: Action;
  rest: readonly KeybindingPress[];
}

/** Time between two keys of a sequence after which the first is forgotten. */
const SEQUENCE_TIMEOUT_MS = 1_000;
/** Keys that print, where a binding names them by their place. */
const PRINTING = /^(Key[A-Z]|Digit\d|Space|Minus|Equal|Backslash|Slash|Period|Comma)$/;
const MODIFIER_KEYS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph"]);

const parsed = new Map<string, KeybindingPress[]>();
function presses(sequence: string): KeybindingPress[] {
  const known = parsed.get(sequence) ?? parseKeybinding(matched(sequence));
  parsed.set(sequence, known);
  return known;
}

/**
 * What has to be pressed for a sequence: the same, or the same behind {@link LEADER} where it begins with a single key
 * and those are switched off.
 */
export function pressedKeys(sequence: string, singleKeys: boolean): string {
  const [first = ""] = sequence.split(" ");
  const parts = first.split(/(?<=.)\+(?=.)/);
  const key = parts.pop() ?? "";
  const isPlain = parts.every((modifier) => modifier === "Shift" || modifier.startsWith("["));
  const isSingle = isPlain && (key.length === 1 || PRINTING.test(key));
  return isSingle && !singleKeys ? `${LEADER} ${sequence}` : sequence;
}

const fits = (heard: Heard, press: KeybindingPress) => matchKeybindingPress(heard as KeyboardEvent, press);

/** Whether an event is a press of one of the sequences, on whichever layout. */
export const isPressOf = (event: KeyboardEvent, sequences: readonly string[]): boolean =>
  waysToHear(event).some((heard) =>
    sequences.some((sequence) => presses(sequence).some((press) => fits(heard, press))),
  );

/** The web view would print the window as it is; only a sheet that is made for paper is printed, by its button. */
const PRINT = "$mod+p";

/** Registry of actions and the one keyboard listener of the window. */
export class Keyboard {
  /**
   * Plain letters and signs act. WCAG asks that they can be switched off; then they do so only behind {@link LEADER}
   * (UX 9).
   */
  singleKeys = true;
  private choices: KeyChoices = { keyPreset: "picket", keyBindings: {} };
  /** Grows whenever the set of actions changes, so that an open palette or help sheet follows. */
  readonly version = createValueStore(0);
  private readonly layers = new Map<symbol, Layer>();
  private modals = 0;
  private progress: Progress[] = [];
  /** The leader was pressed, and the next key may be a single one. */
  private led = false;
  private forget: ReturnType<typeof setTimeout> | undefined;

  /**
   * Puts actions in place of those that were registered by the same name before. `ofWindow`: they lie below those of
   * every screen, whichever came first; at launch a screen registers before the window around it.
   */
  register(layer: symbol, actions: readonly Action[], ofWindow = false): void {
    this.layers.set(layer, { actions, ofWindow });
    this.version.set((n) => n + 1);
  }

  unregister(layer: symbol): void {
    this.layers.delete(layer);
    this.version.set((n) => n + 1);
  }

  /** Gives actions the keys that the user chose for them, from the next press on. */
  rebind(choices: KeyChoices): void {
    this.choices = choices;
    this.reset();
    this.version.set((n) => n + 1);
  }

  /** Actions of the window, then others in registration order, with the keys they have now; overridden ones left out. */
  actions(): Action[] {
    const byId = new Map<string, Action>();
    const layers = [...this.layers.values()].sort((a, b) => Number(b.ofWindow) - Number(a.ofWindow));
    for (const { actions } of layers) for (const action of actions) byId.set(action.id, action);
    return [...byId.values()].map((action) =>
      action.keys === undefined && isActionId(action.id)
        ? { ...action, keys: keysOf(action.id, this.choices) }
        : action,
    );
  }

  /** Names of the actions that belong to what is on screen, and not to the window. */
  ofScreen(): ReadonlySet<string> {
    const layers = [...this.layers.values()].filter(({ ofWindow }) => !ofWindow);
    return new Set(layers.flatMap(({ actions }) => actions.map(({ id }) => id)));
  }

  /** While a modal dialog is open no shortcut reaches the screen below it. Returns the way out. */
  enterModal(): () => void {
    this.modals += 1;
    return () => {
      this.modals -= 1;
    };
  }

  /** Listens until the returned function is called. */
  listen(target: Window): () => void {
    const handler = (event: KeyboardEvent) => this.handle(event);
    target.addEventListener("keydown", handler);
    return () => target.removeEventListener("keydown", handler);
  }

  private handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || MODIFIER_KEYS.has(event.key)) return;
    if (isPressOf(event, [PRINT])) event.preventDefault();
    if (this.modals > 0) return;
    const target = event.target instanceof Element ? event.target : null;
    const { progress: started, led } = this;
    this.reset();
    clearTimeout(this.forget);
    if (keepsKey(target, event.key)) return;

    const inText = isTextField(target);
    const isBare = (!event.ctrlKey && !event.altKey) || isThirdLevel(event);
    const plain = event.key.length === 1 && isBare && !event.metaKey;
    if (!this.singleKeys && matchKeybindingPress(event, presses(LEADER)[0] as KeybindingPress)) {
      event.preventDefault();
      this.led = true;
      this.forgetSoon();
      return;
    }
    // Then a single key may still go on with what the leader began, but begins nothing by itself.
    const onlyGoesOn = plain && !this.singleKeys && !led;
    if (onlyGoesOn && started.length === 0) return;

    const candidates: Progress[] = this.actions()
      .filter((action) => !inText || (action.inTextFields === true && !plain))
      .flatMap((action) => (action.keys ?? []).map((keys) => ({ action, rest: presses(keys) })));

    // A press means what it prints; only where that is bound to nothing, it means its place.
    const meantBy = (heard: Heard) => {
      const matches = ({ rest: [next] }: Progress) => next !== undefined && fits(heard, next);
      const continued = started.filter(matches);
      return continued.length > 0 || onlyGoesOn ? continued : candidates.filter(matches);
    };
    const meant =
      waysToHear(event)
        .map(meantBy)
        .find((found) => found.length > 0) ?? [];
    const advanced = meant.map(({ action, rest }) => ({ action, rest: rest.slice(1) }));
    if (advanced.length === 0) return;

    event.preventDefault();
    // One press does one thing: messages on screen listen for F6 of their own accord, and would take the focus back.
    event.stopImmediatePropagation();
    // Later layers are more specific, so the last complete match is the one that is meant.
    const complete = advanced.findLast(({ rest }) => rest.length === 0);
    if (complete) {
      if (!complete.action.unavailable) complete.action.run();
      return;
    }
    this.progress = advanced;
    this.forgetSoon();
  }

  private forgetSoon(): void {
    this.forget = setTimeout(() => this.reset(), SEQUENCE_TIMEOUT_MS);
  }

  private reset(): void {
    this.progress = [];
    this.led = false;
  }
}
