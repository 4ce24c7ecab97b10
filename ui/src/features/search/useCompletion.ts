import type { EditorView } from "@codemirror/view";
import { type RefObject, useCallback, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { acceptCompletion, queryText } from "@/features/inbox/queryEditor";
import type { Completion, CompletionItem } from "@/ipc";
import { isBeforeTime, mayBeDay, readDay } from "./days";

/** Keys that mean something else while suggestions are open. */
export type CompletionKey = "accept" | "up" | "down" | "enter" | "escape" | "open";

/** A suggestion that is not taken but opens the calendar, where a time is wanted. */
export const DAY_ITEM: CompletionItem = {
  text: "",
  label: "Choose a day…",
  detail: "in a calendar",
  count: null,
  at_least: false,
};

/** A day that is being chosen for one place of a text. */
export interface DayChoice extends Pick<Completion, "start" | "end" | "stage"> {
  text: string;
  /** The day that is there already; null where there is none. */
  day: number | null;
}

/** Suggestions for one caret place. */
export interface Suggestions extends Completion {
  /** The text and the caret they are for. */
  text: string;
  caret: number;
  /** The marked line; nothing until somebody moves into the list. */
  active: number | null;
  /** Distance of the replaced text from the editor's left edge, in pixels. */
  left: number;
}

/** The calendar comes behind the other suggestions where a day can stand, and is not yet written wrongly. */
function withCalendar(answer: Completion, text: string, caret: number): CompletionItem[] {
  const { stage, start, items } = answer;
  const isDay = stage === "value" && isBeforeTime(text.slice(0, start)) && mayBeDay(text.slice(start, caret));
  return isDay ? [...items, DAY_ITEM] : items;
}

function leftOf(view: EditorView | null, at: number): number {
  const place = view?.coordsAtPos(Math.min(at, view.state.doc.length));
  return view && place ? Math.max(0, place.left - view.dom.getBoundingClientRect().left) : 0;
}

/**
 * Suggestions while typing. They never change the text by themselves, Enter runs the query unless somebody moved into
 * the list, and an answer for a place the caret has left is dropped.
 */
export function useCompletion(editor: RefObject<EditorView | null>) {
  const { host } = useServices();
  const [shown, setShown] = useState<Suggestions | null>(null);
  /** What a key or a click is about: what is drawn, known before effects have run. */
  const latest = useRef(shown);
  const asked = useRef(0);
  const [choosing, setChoosing] = useState<DayChoice | null>(null);

  const show = useCallback((next: Suggestions | null) => {
    latest.current = next;
    setShown(next);
  }, []);

  const close = useCallback(() => {
    asked.current += 1;
    show(null);
  }, [show]);

  const ask = useCallback(
    (text: string, caret: number) => {
      asked.current += 1;
      const ticket = asked.current;
      host.queryComplete(text, caret).then(
        (answer) => {
          if (ticket !== asked.current) return;
          const items = withCalendar(answer, text, caret);
          show({ ...answer, items, text, caret, active: null, left: leftOf(editor.current, answer.start) });
        },
        // Typing goes on without suggestions.
        () => {
          if (ticket === asked.current) show(null);
        },
      );
    },
    [host, editor, show],
  );

  /** The caret was moved without typing: open suggestions follow it. */
  const moved = useCallback(
    (text: string, caret: number) => {
      const { current } = latest;
      if (current && (current.text !== text || current.caret !== caret)) ask(text, caret);
    },
    [ask],
  );

  const accept = useCallback(
    (item: CompletionItem) => {
      const { current } = latest;
      const view = editor.current;
      if (!current || !view || queryText(view) !== current.text) return;
      close();
      if (item === DAY_ITEM) {
        const { text, start, end, stage } = current;
        setChoosing({ text, start, end, stage, day: readDay(text.slice(start, end)) });
        return;
      }
      acceptCompletion(view, current, item);
      view.focus();
    },
    [editor, close],
  );

  /** Puts the chosen day where the calendar was asked for, unless the text has moved on since. */
  const chooseDay = useCallback(
    (day: string) => {
      const view = editor.current;
      if (choosing && view && queryText(view) === choosing.text)
        acceptCompletion(view, choosing, { ...DAY_ITEM, text: day });
      // Before the calendar goes, which would leave the keyboard to whoever takes it first.
      view?.focus();
      setChoosing(null);
    },
    [editor, choosing],
  );

  /** Whether a key was meant for the suggestions. */
  const key = useCallback(
    (pressed: CompletionKey): boolean => {
      const { current } = latest;
      const view = editor.current;
      if (pressed === "open") {
        if (view) ask(queryText(view), view.state.selection.main.head);
        return true;
      }
      if (!current || current.items.length === 0) {
        if (pressed !== "escape" || !current) return false;
        close();
        return true;
      }
      const { items, active } = current;
      switch (pressed) {
        case "escape":
          close();
          return true;
        case "accept":
        case "enter": {
          if (pressed === "enter" && active === null) {
            close();
            return false;
          }
          const item = items[active ?? 0];
          // Tab takes what can be taken; to open something it has to be meant.
          if (item === DAY_ITEM && active === null) {
            close();
            return false;
          }
          if (item) accept(item);
          return true;
        }
        default: {
          const step = pressed === "down" ? 1 : -1;
          const from = active ?? (step === 1 ? -1 : items.length);
          show({ ...current, active: (from + step + items.length) % items.length });
          return true;
        }
      }
    },
    [editor, ask, accept, close, show],
  );

  const leaveDays = useCallback(() => setChoosing(null), []);
  return { shown, ask, moved, key, accept, close, choosing, chooseDay, leaveDays };
}
