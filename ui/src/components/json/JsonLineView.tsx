import { ChevronDown, ChevronRight } from "lucide-react";
import { formatCount } from "@/lib/format";
import styles from "./JsonViewer.module.css";
import { type JsonLine, MAX_LINE_CHARS, markHits, tokenize } from "./jsonDocument";

interface JsonLineViewProps {
  number: number;
  line: JsonLine;
  /** The line that closes what this one opens. */
  closing: JsonLine | undefined;
  folded: boolean;
  search: string;
  onToggle: (() => void) | undefined;
}

/** One line of a document: number, fold, coloured text. */
export function JsonLineView({ number, line, closing, folded, search, onToggle }: JsonLineViewProps) {
  const hidden = line.text.length - MAX_LINE_CHARS;
  const shown = hidden > 0 ? line.text.slice(0, MAX_LINE_CHARS) : line.text;
  return (
    <>
      <span className={styles.lineNumber} aria-hidden="true">
        {number}
      </span>
      {onToggle ? (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={!folded}
          aria-label={`${folded ? "Unfold" : "Fold"} line ${number}`}
          tabIndex={-1}
          onClick={onToggle}
        >
          {folded ? <ChevronRight size={12} /> : <ChevronDown size={12} />}
        </button>
      ) : (
        <span className={styles.fold} />
      )}
      <code className={styles.code}>
        {tokenize(shown).map((token, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a line has no other identity
          <span key={at} className={styles[token.kind]}>
            {search === ""
              ? token.text
              : markHits(token.text, search).map((piece, place) =>
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  piece.hit ? <mark key={place}>{piece.text}</mark> : piece.text,
                )}
          </span>
        ))}
        {hidden > 0 ? (
          <span className={styles.folded}> … {formatCount(hidden)} more characters; copy has all of it</span>
        ) : null}
        {folded && closing ? (
          <span className={styles.folded}>
            {" … "}
            {closing.text.trim()}
          </span>
        ) : null}
      </code>
    </>
  );
}
