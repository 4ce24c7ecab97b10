import type { EditorView } from "@codemirror/view";
import { Search, TriangleAlert, X } from "lucide-react";
import {
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { usePreferences } from "@/app/preferences";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { DayChooser } from "@/features/search/DayChooser";
import { HistorySearch } from "@/features/search/HistorySearch";
import { QueryBuilder } from "@/features/search/QueryBuilder";
import { HistoryWalk, rememberQuery } from "@/features/search/queryHistory";
import { optionId, SUGGESTIONS_ID, SuggestionList } from "@/features/search/SuggestionList";
import { useCompletion } from "@/features/search/useCompletion";
import type { Host, QueryCheck, QueryProblem } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { cx } from "@/lib/classNames";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import styles from "./QueryField.module.css";
import { applyFix, createQueryEditor, layOut, replaceText, selectProblem, showCheck } from "./queryEditor";

/** Pause after typing before a valid query runs. */
const RUN_AFTER_MS = 250;
/** A query that takes longer than this is only run when asked for. */
const RUN_BELOW_MS = 150;
/** Pause after typing before a problem is put into words. */
const TELL_AFTER_MS = 400;
const PROBLEM_ID = "query-problem";

/** Commands the screen gives to the field. */
export interface QueryFieldHandle {
  focus: () => void;
}

interface QueryFieldProps {
  value: string;
  /** A valid query should run. `entered` when the user asked for it, not when typing paused. */
  onRun: (query: string, entered: boolean) => void;
  /** The keyboard should go to the list. */
  onLeave: () => void;
  /** Time the last run took, in milliseconds. A slow query waits for Enter. */
  tookMs: number;
  /** The text has a problem that is pointed out; the list below belongs to an older text. */
  onInvalid: (invalid: boolean) => void;
  /** Right end of the field. */
  children?: React.ReactNode;
  ref?: Ref<QueryFieldHandle>;
}

interface Checked extends QueryCheck {
  text: string;
}

/** A check that cannot be made finds nothing: the query may run, and the store says what is wrong. */
function checkQuery(host: Host, text: string): Promise<QueryCheck> {
  return host.queryCheck(text).catch(() => ({ problems: [], tokens: [] }));
}

/** While typing, the token under the caret is unfinished and not yet worth a squiggle. */
function settled(check: Checked, view: EditorView, told: boolean): QueryProblem[] {
  if (told) return check.problems;
  const caret = view.state.selection.main.head;
  const token = check.tokens.find(({ start, end }) => start < caret && caret <= end);
  return check.problems.filter((problem) => problem.end <= (token?.start ?? caret));
}

/** The query field: an editor that colours, explains and corrects a query while it is written. */
export function QueryField(props: QueryFieldProps) {
  const { value, onRun, onLeave, onInvalid, tookMs, children, ref } = props;
  const { host } = useServices();
  const { runWhileTyping } = usePreferences();
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const field = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(value);
  const [shownValue, setShownValue] = useState(value);
  /** Texts that were run from here and are not yet the query of the list, oldest first. */
  const [ran, setRan] = useState<readonly string[]>([]);
  const [check, setCheck] = useState<Checked>({ text: "", problems: [], tokens: [] });
  /** Text whose problems may be put into words: typing has paused on it, or Enter was pressed. */
  const [toldText, setToldText] = useState<string | null>(value);
  const [current, setCurrent] = useState(0);
  const completion = useCompletion(editor);
  const { shown: suggestions, ask, moved, key: completionKey, accept, close } = completion;
  const [walk] = useState(() => new HistoryWalk());
  const [inLines, setInLines] = useState(false);
  const [building, setBuilding] = useState(false);
  const [searchingPast, setSearchingPast] = useState(false);

  // Another query was opened from outside, by going back for example. One that was run from here stays as it is written:
  // somebody may have typed on until it arrived.
  if (value !== shownValue) {
    const own = ran.indexOf(value);
    setShownValue(value);
    setRan(own === -1 ? [] : ran.slice(own + 1));
    if (own === -1) {
      setText(value);
      setToldText(value);
    }
  }
  const runQuery = useCallback(
    (query: string, entered: boolean) => {
      if (query !== value) setRan((before) => [...before, query]);
      onRun(query, entered);
    },
    [value, onRun],
  );

  const fresh = check.text === text;
  const problems = fresh ? check.problems : [];
  // While suggestions are open, what is missing is being offered; a complaint would only cover them. The same goes for a
  // day that is being chosen, below which the list would move.
  const open = suggestions !== null && suggestions.items.length > 0;
  const choosing = completion.choosing !== null;
  const told = toldText === text && problems.length > 0 && !open && !choosing;
  const problem = told ? problems[Math.min(current, problems.length - 1)] : undefined;

  const act = useRef({
    submitted: (_: string) => {},
    fix: (): boolean => false,
    next: (_: 1 | -1) => {},
    leave: onLeave,
    history: (_: 1 | -1) => {},
  });
  // With the commit: a key pressed before the passive effects ran is about what is on screen already.
  useLayoutEffect(() => {
    const enter = (query: string) => {
      rememberQuery(query);
      runQuery(query, true);
    };
    act.current = {
      submitted: (entered) => {
        // Also what is still on its way: nobody waits for it any more.
        close();
        setToldText(entered);
        if (check.text === entered && check.problems.length === 0) enter(entered);
        // The check of the last key may still be on its way; the answer to Enter must not depend on that race.
        else if (check.text !== entered) {
          void checkQuery(host, entered).then((answer) => {
            setCheck({ ...answer, text: entered });
            if (answer.problems.length === 0) enter(entered);
          });
        }
      },
      fix: () => {
        const fix = problems[Math.min(current, problems.length - 1)]?.fix;
        if (!fix || !editor.current) return false;
        applyFix(editor.current, fix);
        return true;
      },
      next: (step) => {
        if (problems.length === 0 || !editor.current) return;
        const next = told ? (current + step + problems.length) % problems.length : 0;
        setToldText(text);
        setCurrent(next);
        selectProblem(editor.current, problems[next] as QueryProblem);
      },
      leave: () => {
        setInLines(false);
        if (text === value) rememberQuery(value);
        onLeave();
      },
      history: (step) => {
        const past = walk.step(text, step);
        if (past === null) return;
        close();
        setText(past);
      },
    };
  });

  useEffect(() => {
    if (!parent.current) return;
    const view = createQueryEditor(parent.current, "", {
      changed: (next, caret) => {
        setText(next);
        setCurrent(0);
        if (caret === null) close();
        else ask(next, caret);
      },
      moved,
      completion: (key) => completionKey(key),
      history: (step) => act.current.history(step),
      blurred: close,
      submitted: (entered) => act.current.submitted(entered),
      left: () => act.current.leave(),
      applyFix: () => act.current.fix(),
      nextProblem: (step) => act.current.next(step),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [ask, moved, close, completionKey]);

  useEffect(() => {
    if (editor.current) replaceText(editor.current, text);
    let dropped = false;
    void checkQuery(host, text).then((answer) => {
      // An answer for an older text would colour the wrong characters.
      if (!dropped) setCheck({ ...answer, text });
    });
    const tell = setTimeout(() => setToldText(text), TELL_AFTER_MS);
    return () => {
      dropped = true;
      clearTimeout(tell);
    };
  }, [host, text]);

  useEffect(() => {
    if (editor.current) layOut(editor.current, inLines);
  }, [inLines]);

  useEffect(() => {
    const view = editor.current;
    if (view && fresh) showCheck(view, text, check, settled(check, view, toldText === text && !choosing));
  }, [check, fresh, text, toldText, choosing]);

  useEffect(() => {
    const content = editor.current?.contentDOM;
    content?.setAttribute("aria-invalid", String(told));
    if (told) content?.setAttribute("aria-describedby", PROBLEM_ID);
    else content?.removeAttribute("aria-describedby");
  }, [told]);

  useEffect(() => onInvalid(told), [onInvalid, told]);

  const active = suggestions?.active ?? null;
  useEffect(() => {
    const content = editor.current?.contentDOM;
    content?.setAttribute("aria-expanded", String(open));
    if (open) content?.setAttribute("aria-controls", SUGGESTIONS_ID);
    else content?.removeAttribute("aria-controls");
    if (open && active !== null) content?.setAttribute("aria-activedescendant", optionId(active));
    else content?.removeAttribute("aria-activedescendant");
  }, [open, active]);

  const runnable = fresh && problems.length === 0 && text !== value;
  useEffect(() => {
    if (!runnable || !runWhileTyping || tookMs >= RUN_BELOW_MS) return;
    const run = setTimeout(() => runQuery(text, false), RUN_AFTER_MS);
    return () => clearTimeout(run);
  }, [runnable, runWhileTyping, tookMs, text, runQuery]);

  const lines = useKeymap().words("query.lines");
  const next = (step: 1 | -1) => act.current.next(step);
  useActions([
    {
      ...fromCatalogue("query.next-problem"),
      inTextFields: true,
      unavailable: problems.length === 0 ? "the query is fine" : null,
      run: () => next(1),
    },
    {
      ...fromCatalogue("query.previous-problem"),
      inTextFields: true,
      inPalette: false,
      unavailable: problems.length === 0 ? "the query is fine" : null,
      run: () => next(-1),
    },
    {
      ...fromCatalogue("query.builder"),
      title: building ? "Close the query builder" : "Build the query by rows",
      inTextFields: true,
      run: () => setBuilding(!building),
    },
    {
      ...fromCatalogue("query.lines"),
      title: inLines ? "Write the query in one line" : "Write the query in several lines",
      inTextFields: true,
      run: () => {
        setInLines(!inLines);
        editor.current?.focus();
      },
    },
    {
      ...fromCatalogue("query.history"),
      inTextFields: true,
      run: () => setSearchingPast(true),
    },
  ]);

  useImperativeHandle(ref, () => ({
    focus: () => {
      const view = editor.current;
      view?.focus();
      view?.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
    },
  }));

  return (
    <div role="search" className={styles.search} data-region="search">
      <div ref={field} className={cx(styles.field, told && styles.invalid, inLines && styles.lines)}>
        <Search size={16} className={styles.icon} aria-hidden="true" />
        <div ref={parent} className={styles.editor} data-region-focus="" />
        {text === "" ? null : (
          <IconButton
            label="Clear the query"
            className={styles.clear}
            onClick={() => {
              setText("");
              runQuery("", true);
              editor.current?.focus();
            }}
          >
            <X size={14} />
          </IconButton>
        )}
        {children}
        {/* That there is nothing to suggest must not cover what is wrong. */}
        {suggestions && (open || !told) ? <SuggestionList shown={suggestions} onAccept={accept} /> : null}
      </div>
      <HistorySearch
        open={searchingPast}
        onOpenChange={setSearchingPast}
        anchor={() => field.current}
        returnFocus={() => editor.current?.contentDOM ?? null}
        onChoose={(query) => {
          setText(query);
          act.current.submitted(query);
        }}
      />
      <DayChooser
        choosing={completion.choosing}
        onChoose={completion.chooseDay}
        onClose={completion.leaveDays}
        anchor={() => field.current}
        returnFocus={() => editor.current?.contentDOM ?? null}
      />
      {inLines ? (
        <p className={styles.hint}>
          <kbd>{keyText("$mod+Enter")}</kbd> searches,{" "}
          {lines === null ? null : (
            <>
              <kbd>{lines}</kbd> or{" "}
            </>
          )}
          <kbd>Esc</kbd> goes back to one line. A line break is a blank.
        </p>
      ) : null}
      {building ? (
        <QueryBuilder
          text={text}
          onChange={setText}
          onClose={() => {
            setBuilding(false);
            editor.current?.focus();
          }}
        />
      ) : null}
      {problem ? (
        <div
          id={PROBLEM_ID}
          className={styles.problem}
          role="alert"
          data-testid={testIds.queryProblem}
          data-code={problem.code}
        >
          <TriangleAlert size={14} aria-hidden="true" />
          <span>{problem.message}</span>
          {problem.fix ? (
            <Button kind="quiet" className={styles.fix} onClick={() => act.current.fix()}>
              {problem.fix.label} <kbd>Alt+Enter</kbd>
            </Button>
          ) : null}
          {problems.length > 1 ? (
            <span className={styles.more}>
              {Math.min(current, problems.length - 1) + 1} of {problems.length} problems (F8)
            </span>
          ) : null}
          <span className={styles.old}>Showing results for the last valid query</span>
        </div>
      ) : null}
    </div>
  );
}
