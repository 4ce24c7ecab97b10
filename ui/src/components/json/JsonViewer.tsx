import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronUp, FoldVertical, UnfoldVertical } from "lucide-react";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { CopyButton } from "@/components/CopyButton";
import { IconButton } from "@/components/IconButton";
import { cx } from "@/lib/classNames";
import { formatBytes, formatCount, plural } from "@/lib/format";
import { JsonLineView } from "./JsonLineView";
import styles from "./JsonViewer.module.css";
import {
  findLines,
  initialFolds,
  type JsonLine,
  readDocument,
  unfoldAround,
  visibleLines,
} from "./jsonDocument";

const LINE_HEIGHT = 18;
const MAX_HEIGHT = 560;

/** Commands the screen gives to a viewer. */
export interface JsonViewerHandle {
  /** Opens the search. */
  find: () => void;
}

interface JsonViewerProps {
  /** Indented JSON; shown as text whatever it contains. */
  text: string;
  label: string;
  testId?: string;
  /** Lines to point out, from 0. The first one is brought into view. */
  marks?: readonly number[];
  ref?: Ref<JsonViewerHandle>;
}

const NO_MARKS: readonly number[] = [];

/** An indented JSON document with folds, search and copy. Only the lines in view are in the page. */
export function JsonViewer({ text, ...rest }: JsonViewerProps) {
  // Another document starts over: folds and hits belong to the old one.
  return <Viewer key={text} text={text} {...rest} />;
}

function Viewer({ text, label, testId, marks = NO_MARKS, ref }: JsonViewerProps) {
  const [lines] = useState(() => readDocument(text));
  const [folded, setFolded] = useState(() =>
    marks.reduce((folds, line) => unfoldAround(lines, folds, line), initialFolds(lines)),
  );
  const [search, setSearch] = useState("");
  const [hit, setHit] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const body = useRef<LinesHandle>(null);

  const hits = findLines(lines, search);
  const visible = visibleLines(lines, folded);
  const current = hits[Math.min(hit, hits.length - 1)];

  useImperativeHandle(ref, () => ({
    find: () => {
      input.current?.scrollIntoView?.({ block: "nearest" });
      input.current?.select();
      input.current?.focus();
    },
  }));

  const show = (at: number) => {
    const line = hits[at];
    if (line === undefined) return;
    setHit(at);
    const opened = unfoldAround(lines, folded, line);
    setFolded(opened);
    body.current?.reveal(visibleLines(lines, opened).indexOf(line));
  };
  const step = (by: 1 | -1) => {
    if (hits.length > 0) show((Math.min(hit, hits.length - 1) + by + hits.length) % hits.length);
  };
  const type = (next: string) => {
    setSearch(next);
    setHit(0);
    const line = findLines(lines, next)[0];
    if (line === undefined) return;
    const opened = unfoldAround(lines, folded, line);
    setFolded(opened);
    body.current?.reveal(visibleLines(lines, opened).indexOf(line));
  };
  const toggle = (line: number) => {
    const next = new Set(folded);
    if (!next.delete(line)) next.add(line);
    setFolded(next);
  };
  const foldable = lines.flatMap((line, index) => (line.end !== null && index > 0 ? [index] : []));

  return (
    <section className={styles.viewer} aria-label={label} data-testid={testId}>
      <div className={styles.bar}>
        <h2 className={styles.heading}>{label}</h2>
        <span className={styles.size}>
          {plural(lines.length, "line")} · {formatBytes(text.length)}
        </span>
        <input
          ref={input}
          type="search"
          className={styles.find}
          aria-label={`Find in ${label}`}
          placeholder="Find"
          value={search}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              step(event.shiftKey ? -1 : 1);
            } else if (event.key === "Escape") {
              event.preventDefault();
              setSearch("");
              event.currentTarget.blur();
            }
          }}
        />
        <span className={styles.hits} aria-live="polite">
          {search === ""
            ? ""
            : hits.length === 0
              ? "not found"
              : `${formatCount(hit + 1)} of ${formatCount(hits.length)}`}
        </span>
        <IconButton
          label="Previous hit"
          keys="Shift+Enter"
          disabled={hits.length === 0}
          onClick={() => step(-1)}
        >
          <ChevronUp size={14} />
        </IconButton>
        <IconButton label="Next hit" keys="Enter" disabled={hits.length === 0} onClick={() => step(1)}>
          <ChevronDown size={14} />
        </IconButton>
        <IconButton label="Fold everything" onClick={() => setFolded(new Set(foldable))}>
          <FoldVertical size={14} />
        </IconButton>
        <IconButton label="Unfold everything" onClick={() => setFolded(new Set())}>
          <UnfoldVertical size={14} />
        </IconButton>
        <CopyButton text={text} label={`Copy ${label}`} iconOnly />
      </div>
      <Lines
        ref={body}
        label={label}
        lines={lines}
        visible={visible}
        folded={folded}
        search={search}
        current={current}
        marks={marks}
        onToggle={toggle}
      />
    </section>
  );
}

interface LinesHandle {
  reveal: (row: number) => void;
}

interface LinesProps {
  label: string;
  lines: readonly JsonLine[];
  visible: readonly number[];
  folded: ReadonlySet<number>;
  search: string;
  current: number | undefined;
  marks: readonly number[];
  onToggle: (line: number) => void;
  ref: Ref<LinesHandle>;
}

function Lines({ label, lines, visible, folded, search, current, marks, onToggle, ref }: LinesProps) {
  // The virtualizer is one object that changes inside; the compiler would keep its first answer.
  "use no memo";
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 8,
  });
  useImperativeHandle(ref, () => ({
    // Folds that are opened in the same step reach the virtualizer with the next frame.
    reveal: (row) => void requestAnimationFrame(() => virtual.scrollToIndex(row, { align: "center" })),
  }));
  // Where the document opens; later folds and searches move it as they like.
  const [first] = useState(() => (marks[0] === undefined ? -1 : visible.indexOf(marks[0])));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the document opens
  useEffect(() => {
    if (first > 0) virtual.scrollToIndex(first, { align: "center" });
  }, []);
  const height = Math.min(visible.length * LINE_HEIGHT + 16, MAX_HEIGHT);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={{ height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const index = visible[item.index] as number;
          const line = lines[index] as JsonLine;
          return (
            <div
              key={index}
              className={cx(
                styles.line,
                index === current && styles.current,
                marks.includes(index) && styles.marked,
              )}
              data-marked={marks.includes(index) || undefined}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <JsonLineView
                number={index + 1}
                line={line}
                closing={line.end === null ? undefined : lines[line.end]}
                folded={folded.has(index)}
                search={search}
                onToggle={line.end === null ? undefined : () => onToggle(index)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
