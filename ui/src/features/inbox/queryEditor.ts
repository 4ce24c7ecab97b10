import { defaultKeymap, history, historyField, historyKeymap, insertNewline } from "@codemirror/commands";
import {
  EditorState,
  type Extension,
  Facet,
  Prec,
  type Range,
  StateEffect,
  StateField,
  type TransactionSpec,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder } from "@codemirror/view";
import { termLines } from "@/features/search/terms";
import type { CompletionKey } from "@/features/search/useCompletion";
import type { Completion, CompletionItem, QueryCheck, QueryProblem } from "@/ipc";
import { testIds } from "@/lib/testIds";
import styles from "./QueryField.module.css";

/** What the editor tells its owner. */
export interface QueryEditorEvents {
  /** The text was changed; `caret` is given where suggestions may help, which is while somebody types. */
  changed: (text: string, caret: number | null) => void;
  /** Enter. */
  submitted: (text: string) => void;
  /** Esc or ↓: the list should have the keyboard. */
  left: () => void;
  /** Corrects the mistake that is marked. Answers whether there was one: the key means something else without. */
  applyFix: () => boolean;
  nextProblem: (step: 1 | -1) => void;
  /** The caret is somewhere else, without a change of the text. */
  moved: (text: string, caret: number) => void;
  /** Whether the key was meant for the suggestions. */
  completion: (key: CompletionKey) => boolean;
  /** A past text should take the place of this one: 1 an older, −1 a newer. */
  history: (step: 1 | -1) => void;
  blurred: () => void;
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

/** Whether the text may be laid out in lines. */
const manyLines = StateField.define<boolean>({ create: () => false, update: (current) => current });

/** Everything an editor was made with, to make its state anew. */
const whole = Facet.define<Extension>();
const remembered = (all: Extension): Extension => [all, whole.of(all)];

/** The query, which has one line: a break between two lines is a blank, so that places in both texts are the same. */
export const queryText = (view: EditorView): string => flat(view.state);

const flat = (state: EditorState): string => state.doc.sliceString(0, undefined, " ");

/** A line break with the blanks around it is one blank. */
const withoutBreaks = (text: string): string => text.replace(/\s*\n\s*/g, " ");

/** Queries have one line: pasted line breaks become blanks, unless the text is laid out in lines. */
const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  if (transaction.startState.field(manyLines)) return transaction;
  const broken = transaction.newDoc.toString();
  const text = withoutBreaks(broken);
  const before = withoutBreaks(broken.slice(0, transaction.newSelection.main.head));
  const spec: TransactionSpec = {
    changes: { from: 0, to: transaction.startState.doc.length, insert: text },
    selection: { anchor: Math.min(before.length, text.length) },
  };
  return spec;
});

/** As an element: of a text the editor would make an attribute that a combobox must not have. */
function example(): HTMLElement {
  const words = document.createElement("span");
  words.textContent = "Search issues, for example  is:unresolved level:error checkout";
  return words;
}

function extensions(events: QueryEditorEvents, label: string): Extension {
  const submit = (view: EditorView) => handled(() => events.submitted(queryText(view)))();
  const inLines = (view: EditorView) => view.state.field(manyLines);
  const keys = [
    {
      key: "Enter",
      run: (view: EditorView) =>
        events.completion("enter") || (inLines(view) ? insertNewline(view) : submit(view)),
    },
    { key: "Mod-Enter", run: submit },
    { key: "Escape", run: () => events.completion("escape") || handled(() => events.left())() },
    {
      key: "ArrowDown",
      run: (view: EditorView) =>
        events.completion("down") || (!inLines(view) && handled(() => events.left())()),
    },
    { key: "ArrowUp", run: () => events.completion("up") },
    { key: "Tab", run: () => events.completion("accept") },
    { key: "Ctrl-Space", run: () => events.completion("open") },
    { key: "Ctrl-ArrowUp", run: handled(() => events.history(1)) },
    { key: "Ctrl-ArrowDown", run: handled(() => events.history(-1)) },
    { key: "Alt-Enter", run: () => events.applyFix() },
    { key: "F8", run: handled(() => events.nextProblem(1)), shift: handled(() => events.nextProblem(-1)) },
  ];
  return remembered([
    Prec.highest(keymap.of(keys)),
    // Mod+I explains the result; one line has no syntax to climb.
    keymap.of([...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== "Mod-i")]),
    history(),
    manyLines,
    oneLine,
    marks,
    EditorView.lineWrapping,
    placeholder(example),
    EditorView.contentAttributes.of({
      "aria-label": label,
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "data-testid": testIds.queryInput,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    EditorView.updateListener.of((update) => {
      const ours = update.transactions.some((transaction) => transaction.effects.some((e) => e.is(external)));
      const { selection } = update.state;
      const text = flat(update.state);
      const typed = update.transactions.some(
        (transaction) =>
          (transaction.isUserEvent("input") && !transaction.isUserEvent("input.complete")) ||
          transaction.isUserEvent("delete"),
      );
      if (update.docChanged && !ours) events.changed(text, typed ? selection.main.head : null);
      else if (update.selectionSet && !ours) events.moved(text, selection.main.head);
      // Undoing what was deleted brings its breaks back, past the filter above.
      if (update.state.doc.lines > 1 && !update.state.field(manyLines)) layOut(update.view, false);
    }),
    EditorView.domEventHandlers({ blur: () => events.blurred() }),
  ]);
}

/** Runs a command and tells the editor that the key is used up. */
const handled = (run: () => void) => (): true => {
  run();
  return true;
};

/** A text editor that colours a query, which has one line unless it is laid out in several. Caret, selection, undo and IME are the editor's own. */
export function createQueryEditor(parent: HTMLElement, text: string, events: QueryEditorEvents): EditorView {
  const view = new EditorView({
    parent,
    state: EditorState.create({ doc: text, extensions: extensions(events, "Search issues") }),
  });
  // The editor says so of every text field, and a combobox must not.
  view.contentDOM.removeAttribute("aria-multiline");
  return view;
}

/** Puts a suggestion in the place it was made for, and a blank behind what is complete. */
export function acceptCompletion(
  view: EditorView,
  { start, end, stage }: Pick<Completion, "start" | "end" | "stage">,
  item: CompletionItem,
): void {
  const after = view.state.doc.sliceString(end, end + 1);
  const complete = stage !== "key" && !item.text.endsWith(":");
  const blank = complete && after === "" ? " " : "";
  const insert = item.text + blank;
  view.dispatch({
    changes: { from: start, to: end, insert },
    selection: { anchor: start + insert.length },
    // Behind a field its values are suggested next; what is complete needs nothing more.
    userEvent: complete ? "input.complete" : "input.type",
  });
}

/**
 * Lays the query out in lines, a term each, or puts it back into one. It stays the same query: not reported, and nothing
 * to undo.
 */
export function layOut(view: EditorView, inLines: boolean): void {
  const { state } = view;
  const doc = inLines ? termLines(flat(state)) : flat(state);
  if (doc === state.doc.toString() && state.field(manyLines) === inLines) return;
  // No transaction: a break put in place of a blank that was typed would outlast the undoing of the typing. Breaks and
  // blanks are of one length, so whatever was done fits the text either way.
  view.setState(
    EditorState.create({
      doc,
      selection: state.selection,
      extensions: [
        state.facet(whole).map(remembered),
        historyField.init(() => state.field(historyField)),
        manyLines.init(() => inLines),
        marks.init(() => state.field(marks)),
      ],
    }),
  );
}

/** Replaces the text as if another query had been opened, laid out as the one before; not reported as a change. */
export function replaceText(view: EditorView, text: string): void {
  if (queryText(view) === text) return;
  view.dispatch({
    changes: {
      from: 0,
      to: view.state.doc.length,
      insert: view.state.field(manyLines) ? termLines(text) : text,
    },
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
  if (queryText(view) !== text) return;
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
