import { useState } from "react";
import { useServices } from "@/app/services";
import { Dialog } from "@/components/Dialog";
import { cx } from "@/lib/classNames";
import { fuzzyMatch } from "@/lib/fuzzy";
import { readStored, writeStored } from "@/lib/persist";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { KeyCaps } from "./KeyCaps";
import type { Action } from "./keyboard";
import styles from "./Palette.module.css";

const RECENT_KEY = "picket.palette.recent";
const RECENT_LIMIT = 8;

const readRecent = () =>
  readStored(RECENT_KEY, (value) =>
    Array.isArray(value) ? value.filter((id) => typeof id === "string") : null,
  ) ?? [];

interface Hit {
  action: Action;
  positions: number[];
}

/** Best answers first; without a query the recently used ones lead. */
function rank(actions: readonly Action[], query: string, recent: readonly string[]): Hit[] {
  const recency = (action: Action) => {
    const at = recent.indexOf(action.id);
    return at === -1 ? 0 : RECENT_LIMIT - at;
  };
  if (query.trim() === "") {
    return actions
      .map((action) => ({ action, positions: [] }))
      .sort((a, b) => recency(b.action) - recency(a.action));
  }
  return actions
    .flatMap((action) => {
      const match = fuzzyMatch(query, action.title);
      return match ? [{ action, positions: match.positions, score: match.score + recency(action) / 4 }] : [];
    })
    .sort((a, b) => b.score - a.score);
}

function Highlighted({ text, positions }: { text: string; positions: readonly number[] }) {
  if (positions.length === 0) return text;
  const marked = new Set(positions);
  return Array.from(text).map((character, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a character's place is its identity
    marked.has(at) ? <mark key={at}>{character}</mark> : character,
  );
}

/** The command palette: every action that is in reach, with its key. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} label="Commands" placement="top" bare>
      <PaletteBody onClose={onClose} />
    </Dialog>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const { keyboard } = useServices();
  useValue(keyboard.version);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [recent] = useState(readRecent);
  const hits = rank(
    keyboard.actions().filter((action) => action.inPalette !== false),
    query,
    recent,
  );
  const at = Math.min(active, hits.length - 1);

  const choose = (hit: Hit | undefined) => {
    if (!hit || hit.action.unavailable) return;
    const { id } = hit.action;
    writeStored(RECENT_KEY, [id, ...recent.filter((other) => other !== id)].slice(0, RECENT_LIMIT));
    onClose();
    // The dialog gives focus back while it closes; the action may want to put it elsewhere afterwards.
    setTimeout(hit.action.run, 0);
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      const next = Math.abs(step) === 1 ? (at + step + hits.length) % hits.length : at + step;
      setActive(Math.min(Math.max(0, next), hits.length - 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(hits[at]);
    }
  };

  return (
    <div className={styles.palette} data-testid={testIds.palette}>
      <input
        className={styles.input}
        data-autofocus=""
        type="text"
        role="combobox"
        aria-label="Search commands"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={hits[at] ? `palette-${at}` : undefined}
        aria-autocomplete="list"
        placeholder="Run a command…"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} id="palette-list" role="listbox" aria-label="Commands" tabIndex={-1}>
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the focus and takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
          <div
            key={hit.action.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            aria-disabled={hit.action.unavailable ? true : undefined}
            aria-keyshortcuts={hit.action.keys?.[0] ? keyText(hit.action.keys[0]) : undefined}
            className={cx(styles.option, index === at && styles.active)}
            ref={index === at ? revealOption : undefined}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(hit)}
          >
            <span className={styles.title}>
              <Highlighted text={hit.action.title} positions={hit.positions} />
              {hit.action.unavailable ? (
                <span className={styles.reason}>{hit.action.unavailable}</span>
              ) : null}
            </span>
            <span className={styles.section}>{hit.action.section}</span>
            {hit.action.keys?.[0] ? <KeyCaps keys={hit.action.keys[0]} /> : null}
          </div>
        ))}
        {hits.length === 0 ? <p className={styles.none}>No command matches “{query}”.</p> : null}
      </div>
    </div>
  );
}

const revealOption = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });
