import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { usePreferences } from "@/app/preferences";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { type ActionId, listed, placesText } from "@/keyboard/catalogue";
import { conflictsOf, LEADER } from "@/keyboard/keymap";
import { collide, LONGEST, pressOf } from "@/keyboard/sequences";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import styles from "./KeyboardSettings.module.css";

interface KeyCaptureProps {
  action: ActionId;
  /** Binds the keys; null takes all keys away. They may be taken from others that have them. */
  onBind: (sequence: string | null) => void;
  /** Leaves everything as it was; `focus`: it has gone somewhere else already. */
  onCancel: (focus?: "elsewhere") => void;
}

/** A press of the pointer on a button must not end the question before the button is pressed. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

/**
 * Takes the next presses as keys of an action, one or two. Nothing else acts on them meanwhile; Tab still leads on, so
 * that nobody is caught here. What other actions would lose is said before they lose it.
 */
export function KeyCapture({ action, onBind, onCancel }: KeyCaptureProps) {
  const id = useId();
  const { keyboard } = useServices();
  const choices = usePreferences();
  const field = useRef<HTMLInputElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const [presses, setPresses] = useState<readonly string[]>([]);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // Also while the question below is open, no other action hears a key.
  useEffect(() => keyboard.enterModal(), [keyboard]);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (asking) confirm.current?.focus();
  }, [asking]);

  const sequence = presses.join(" ");
  const conflicts = sequence === "" ? [] : conflictsOf(action, sequence, choices);
  const finish = (keys: string) => {
    if (conflictsOf(action, keys, choices).length > 0) setAsking(true);
    else onBind(keys);
  };
  const add = (press: string) => {
    if (collide(press, LEADER)) {
      setProblem(`${keyText(LEADER)} is for single keys where they are switched off. Press other keys.`);
      return;
    }
    const next = [...presses, press];
    setProblem(null);
    setPresses(next);
    if (next.length === LONGEST) finish(next.join(" "));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat || event.nativeEvent.isComposing) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (isPlain && event.key === "Escape") onCancel();
    else if (isPlain && event.key === "Backspace") {
      if (presses.length === 0) onBind(null);
      else setPresses([]);
    } else if (isPlain && event.key === "Enter" && presses.length > 0) finish(sequence);
    else {
      const press = pressOf(event.nativeEvent);
      if (press !== null) add(press);
    }
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) onCancel("elsewhere");
  };
  const onAsked = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };

  const names = conflicts.map((other) => `“${listed(other.id).title}” (${placesText(other.id)})`).join(", ");
  const taken = conflicts.length === 0 ? null : `${keyText(sequence)} is taken by ${names}.`;
  if (asking) {
    return (
      <div
        role="group"
        aria-label="These keys are taken"
        className={styles.capture}
        onBlur={onBlur}
        onKeyDown={onAsked}
      >
        <p role="alert" className={styles.conflict} data-testid={testIds.keyConflict}>
          {taken} {conflicts.length === 1 ? "It acts" : "They act"} in the same place, so only one action can
          have these keys.
        </p>
        <Button ref={confirm} onMouseDown={keepFocus} onClick={() => onBind(sequence)}>
          Take it over
        </Button>
        <Button kind="quiet" onMouseDown={keepFocus} onClick={() => onCancel()}>
          Keep it as it is
        </Button>
      </div>
    );
  }
  return (
    <div role="group" aria-label="New keys" className={styles.capture} onBlur={onBlur}>
      <input
        ref={field}
        className={styles.captured}
        readOnly
        aria-label={`New keys of “${listed(action).title}”`}
        aria-describedby={id}
        placeholder="Press keys"
        value={sequence === "" ? "" : keyText(sequence)}
        data-testid={testIds.keyCapture}
        onKeyDown={onKeyDown}
      />
      {presses.length > 0 ? (
        <Button onMouseDown={keepFocus} onClick={() => finish(sequence)}>
          Use
        </Button>
      ) : null}
      <p id={id} role="status" className={styles.hint}>
        {problem ?? taken ?? ""}{" "}
        {presses.length === 0
          ? "They take the place of all keys it has. Backspace: no key. Esc: as it was."
          : "Enter takes it, or press a second key. Backspace: again. Esc: as it was."}
      </p>
    </div>
  );
}
