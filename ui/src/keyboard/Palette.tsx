import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useServices } from "@/app/services";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { cx } from "@/lib/classNames";
import { plural } from "@/lib/format";
import { readStored, writeStored } from "@/lib/persist";
import { testIds } from "@/lib/testIds";
import { type Argument, useArgumentHits } from "./arguments";
import { KeyCaps } from "./KeyCaps";
import styles from "./Palette.module.css";
import { PaletteHints } from "./PaletteHints";
import type { Hit } from "./paletteHits";
import { usePaletteHits } from "./usePaletteHits";
import { useAriaKeys } from "./usePressedKeys";

const RECENT_KEY = "picket.palette.recent";
const RECENT_LIMIT = 8;

const readRecent = () =>
  readStored(RECENT_KEY, (value) =>
    Array.isArray(value) ? value.filter((id) => typeof id === "string") : null,
  ) ?? [];

function Highlighted({ text, positions }: { text: string; positions: readonly number[] }) {
  if (positions.length === 0) return text;
  const marked = new Set(positions);
  return Array.from(text).map((character, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a character's place is its identity
    marked.has(at) ? <mark key={at}>{character}</mark> : character,
  );
}

interface PaletteProps {
  open: boolean;
  onClose: () => void;
  /** The command whose argument is asked for at once. */
  start?: string | undefined;
}

/** A command, or a choice of one, that something is asked for. */
interface Step {
  id: string;
  title: string;
  argument: Argument;
  /** What had been typed to find it, for the way back. */
  typed: string;
}

/**
 * The command palette: every action that is in reach, with its key; issues, views, settings and keys by a first sign.
 * Tab asks for what a command can be told, a step at a time; Shift+Tab leads back.
 */
export function Palette({ open, onClose, start }: PaletteProps) {
  return (
    <Dialog open={open} onClose={onClose} label="Commands" placement="top" bare>
      <PaletteBody onClose={onClose} start={start} />
    </Dialog>
  );
}

function PaletteBody({ onClose, start }: Omit<PaletteProps, "open">) {
  const ariaKeys = useAriaKeys();
  const { keyboard } = useServices();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [recent] = useState(readRecent);
  const [path, setPath] = useState<readonly Step[]>(() => {
    const action = keyboard.actions().find(({ id }) => id === start);
    return action?.argument
      ? [{ id: action.id, title: action.title, argument: action.argument, typed: "" }]
      : [];
  });
  const step = path.at(-1);
  const commands = usePaletteHits(step ? "" : query, recent);
  const choices = useArgumentHits(
    step?.argument ?? null,
    path.map(({ id }) => id),
    query,
  );
  const { hits, busy, error, none } = step ? choices : commands;
  const at = Math.min(active, hits.length - 1);
  const label = step ? `${path[0]?.title}: ${step.argument.label}` : "Search commands";

  const show = (next: readonly Step[], text: string) => {
    setPath(next);
    setQuery(text);
    setActive(0);
  };
  const enter = ({ id, title, argument }: Hit): boolean => {
    if (argument) show([...path, { id, title, argument, typed: query }], "");
    return argument !== undefined;
  };
  const back = () => show(path.slice(0, -1), step?.typed ?? "");

  const choose = (hit: Hit | undefined) => {
    if (!hit || hit.unavailable) return;
    if (hit.argument?.required && enter(hit)) return;
    const id = path[0]?.id ?? hit.id;
    writeStored(RECENT_KEY, [id, ...recent.filter((other) => other !== id)].slice(0, RECENT_LIMIT));
    onClose();
    // The dialog gives focus back while it closes; the action may want to put it elsewhere afterwards.
    setTimeout(hit.run, 0);
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const hit = hits[at];
    if (event.key === "Tab") {
      // The field is all there is to focus here, so Tab would lead nowhere.
      event.preventDefault();
      if (event.shiftKey) back();
      else if (hit && !hit.unavailable) enter(hit);
      return;
    }
    if (event.key === "Backspace" && query === "" && step) {
      event.preventDefault();
      back();
      return;
    }
    const distance = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (distance !== undefined && hits.length > 0) {
      event.preventDefault();
      const next = Math.abs(distance) === 1 ? (at + distance + hits.length) % hits.length : at + distance;
      setActive(Math.min(Math.max(0, next), hits.length - 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(hit);
    }
  };

  return (
    <div className={styles.palette} data-testid={testIds.palette}>
      {step ? (
        <p className={styles.path}>
          {path.map(({ id, title }) => (
            <span key={id} className={styles.crumb}>
              {title.replace(/…$/, "")}
            </span>
          ))}
          <span>{step.argument.label}</span>
        </p>
      ) : null}
      <input
        className={styles.input}
        data-autofocus=""
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={hits[at] ? `palette-${at}` : undefined}
        aria-autocomplete="list"
        aria-describedby="palette-hints"
        placeholder={step?.argument.placeholder ?? "Run a command, or type an issue"}
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        className={styles.list}
        id="palette-list"
        role="listbox"
        aria-label={step ? label : "Commands"}
        tabIndex={-1}
      >
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the focus and takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
          <div
            key={hit.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            aria-disabled={hit.unavailable ? true : undefined}
            aria-keyshortcuts={ariaKeys(hit.keys)}
            className={cx(styles.option, index === at && styles.active)}
            ref={index === at ? revealOption : undefined}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(hit)}
          >
            <span className={styles.title}>
              <Highlighted text={hit.title} positions={hit.positions} />
              {hit.unavailable ? <span className={styles.reason}>{hit.unavailable}</span> : null}
            </span>
            <span className={styles.section}>{hit.section}</span>
            {hit.argument && !hit.unavailable ? (
              <ChevronRight size={14} aria-hidden="true" className={styles.section} />
            ) : null}
            {hit.keys ? <KeyCaps keys={hit.keys} /> : null}
          </div>
        ))}
        {hits.length === 0 && !busy && !error ? <p className={styles.none}>{none}</p> : null}
      </div>
      {error ? <ErrorNotice error={error} /> : null}
      <PaletteHints id="palette-hints" inside={step !== undefined} hit={hits[at]} />
      {/* The focus stays where it is when another step begins, so that is said. */}
      <p className="visually-hidden" role="status">
        {step && !busy ? `${label}, ${plural(hits.length, "choice")}` : ""}
      </p>
    </div>
  );
}

const revealOption = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });
