import { useState } from "react";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { cx } from "@/lib/classNames";
import { readStored, writeStored } from "@/lib/persist";
import { keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import { KeyCaps } from "./KeyCaps";
import styles from "./Palette.module.css";
import { PREFIX_HINTS } from "./paletteModes";
import { type Hit, usePaletteHits } from "./usePaletteHits";

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

/** The command palette: every action that is in reach, with its key; issues, views, settings and keys by a first sign. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} label="Commands" placement="top" bare>
      <PaletteBody onClose={onClose} />
    </Dialog>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [recent] = useState(readRecent);
  const { hits, busy, error, none } = usePaletteHits(query, recent);
  const at = Math.min(active, hits.length - 1);

  const choose = (hit: Hit | undefined) => {
    if (!hit || hit.unavailable) return;
    const { id } = hit;
    writeStored(RECENT_KEY, [id, ...recent.filter((other) => other !== id)].slice(0, RECENT_LIMIT));
    onClose();
    // The dialog gives focus back while it closes; the action may want to put it elsewhere afterwards.
    setTimeout(hit.run, 0);
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
        aria-describedby="palette-hints"
        placeholder="Run a command, or type an issue"
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
            key={hit.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            aria-disabled={hit.unavailable ? true : undefined}
            aria-keyshortcuts={hit.keys ? keyText(hit.keys) : undefined}
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
            {hit.keys ? <KeyCaps keys={hit.keys} /> : null}
          </div>
        ))}
        {hits.length === 0 && !busy && !error ? <p className={styles.none}>{none}</p> : null}
      </div>
      {error ? <ErrorNotice error={error} /> : null}
      <p className={styles.hints} id="palette-hints">
        {PREFIX_HINTS.map(({ prefix, words }) => (
          <span key={prefix}>
            <kbd>{prefix}</kbd> {words}
          </span>
        ))}
      </p>
    </div>
  );
}

const revealOption = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });
