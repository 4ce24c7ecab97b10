import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  EditorState,
  type Extension,
  Prec,
  type Range,
  StateEffect,
  StateField,
  type TransactionSpec,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder } from "@codemirror/view";
import type { QueryCheck, QueryProblem } from "@/ipc";
import { testIds } from "@/lib/testIds";
import styles from "./QueryField.module.css";

/** What the editor tells its owner. */
export interface QueryEditorEvents {
  changed: (text: string) => void;
  /** Enter. */
  submitted: (text: string) => void;
  /** Esc or ↓: the list should have the keyboard. */
  left: () => void;
  applyFix: () => void;
  nextProblem: (step: 1 | -1) => void;
}

/** Marks a text change that came from outside and is no typing. */
const external = StateEffect.define<null>();
const setMarks = StateEffect.define<DecorationSet>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(current, transaction) {
    let next = current.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const tokenMarks: Record<string, Decoration> = Object.fromEntries(
  (["key", "operator", "value", "text", "quoted"] as const).map((kind) => [
    kind,
    Decoration.mark({ class: styles[kind] ?? kind }),
  ]),
);
const problemMark = Decoration.mark({ class: styles.squiggle ?? "squiggle" });

/** Colours of the tokens and squiggles of the problems, as CodeMirror wants them. */
export function decorate(
  check: QueryCheck,
  squiggles: readonly QueryProblem[],
  length: number,
): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const token of check.tokens) {
    if (token.end <= length && token.start < token.end) {
      ranges.push((tokenMarks[token.kind] as Decoration).range(token.start, token.end));
    }
  }
  for (const problem of squiggles) {
    // An empty span, such as a missing value, is drawn under the character before it.
    const start = problem.start === problem.end ? Math.max(0, problem.start - 1) : problem.start;
    const end = Math.min(length, problem.end);
    if (start < end) ranges.push(problemMark.range(start, end));
  }
  return Decoration.set(ranges, true);
}

/** Queries have one line: pasted line breaks become blanks. */
const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, " ");
  const spec: TransactionSpec = {
    changes: { from: 0, to: transaction.startState.doc.length, insert: text },
    selection: { anchor: Math.min(transaction.newSelection.main.head, text.length) },
  };
  return spec;
});

function extensions(events: QueryEditorEvents, label: string): Extension {
  const keys = [
    { key: "Enter", run: (view: EditorView) => handled(() => events.submitted(view.state.doc.toString()))() },
    { key: "Escape", run: handled(() => events.left()) },
    { key: "ArrowDown", run: handled(() => events.left()) },
    { key: "Alt-Enter", run: handled(() => events.applyFix()) },
    { key: "F8", run: handled(() => events.nextProblem(1)), shift: handled(() => events.nextProblem(-1)) },
  ];
  return [
    Prec.highest(keymap.of(keys)),
    keymap.of([...historyKeymap, ...defaultKeymap]),
    history(),
    oneLine,
    marks,
    EditorView.lineWrapping,
    placeholder("Search issues, for example  is:unresolved level:error checkout"),
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-multiline": "false",
      "data-testid": testIds.queryInput,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    EditorView.updateListener.of((update) => {
      const ours = update.transactions.some((transaction) => transaction.effects.some((e) => e.is(external)));
      if (update.docChanged && !ours) events.changed(update.state.doc.toString());
    }),
  ];
}

/** Runs a command and tells the editor that the key is used up. */
const handled = (run: () => void) => (): true => {
  run();
  return true;
};

/** A single-line text editor that colours a query. Caret, selection, undo and IME are the editor's own. */
export function createQueryEditor(parent: HTMLElement, text: string, events: QueryEditorEvents): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({ doc: text, extensions: extensions(events, "Search issues") }),
  });
}

/** Replaces the text as if another query had been opened; not reported as a change. */
export function replaceText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    selection: { anchor: text.length },
    effects: external.of(null),
  });
}

/** Draws the answer to the last check, unless the text has moved on since. */
export function showCheck(
  view: EditorView,
  text: string,
  check: QueryCheck,
  squiggles: readonly QueryProblem[],
): void {
  if (view.state.doc.toString() !== text) return;
  view.dispatch({ effects: setMarks.of(decorate(check, squiggles, text.length)) });
}

/** Puts a problem's correction into the text. */
export function applyFix(view: EditorView, fix: NonNullable<QueryProblem["fix"]>): void {
  const length = view.state.doc.length;
  view.dispatch({
    changes: { from: Math.min(fix.start, length), to: Math.min(fix.end, length), insert: fix.replacement },
  });
}

/** Selects the place of a problem. */
export function selectProblem(view: EditorView, problem: QueryProblem): void {
  const length = view.state.doc.length;
  view.dispatch({
    selection: { anchor: Math.min(problem.start, length), head: Math.min(problem.end, length) },
    scrollIntoView: true,
  });
  view.focus();
}
