import type { EditorView } from "@codemirror/view";
import { type RefObject, useCallback, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { acceptCompletion, queryText } from "@/features/inbox/queryEditor";
import type { Completion, CompletionItem } from "@/ipc";

/** Keys that mean something else while suggestions are open. */
export type CompletionKey = "accept" | "up" | "down" | "enter" | "escape" | "open";

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
          show({ ...answer, text, caret, active: null, left: leftOf(editor.current, answer.start) });
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
      acceptCompletion(view, current, item);
      view.focus();
    },
    [editor, close],
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

  return { shown, ask, moved, key, accept, close };
}
