/** One line of an indented JSON document. */
export interface JsonLine {
  text: string;
  /** Leading blanks. */
  indent: number;
  /** Index of the line that closes what this line opens; null when it opens nothing. */
  end: number | null;
}

/** A piece of a line with one colour. */
export interface JsonToken {
  kind: "key" | "string" | "number" | "word" | "sign";
  text: string;
}

/** Documents longer than this start with their large parts folded. */
const FOLD_ABOVE_LINES = 600;
/** Parts shorter than this stay open even then. */
const SMALL_PART_LINES = 40;
/** Longest piece of a line that is drawn. Longer ones say how much is missing. */
export const MAX_LINE_CHARS = 3_000;

/**
 * Splits an indented document into lines and finds what can be folded. Works on the indentation alone: JSON escapes
 * line breaks inside strings, so a line's depth is its leading blanks and nothing has to be parsed.
 */
export function readDocument(text: string): JsonLine[] {
  const lines: JsonLine[] = text.split("\n").map((line) => ({
    text: line,
    indent: line.length - line.trimStart().length,
    end: null,
  }));
  const open: { index: number; indent: number }[] = [];
  lines.forEach((line, index) => {
    const first = line.text[line.indent];
    const last = line.text.at(-1);
    if ((first === "}" || first === "]") && open.at(-1)?.indent === line.indent) {
      const start = open.pop();
      const opener = start && lines[start.index];
      if (opener) opener.end = index;
    }
    if (last === "{" || last === "[") open.push({ index, indent: line.indent });
  });
  return lines;
}

/** Lines to fold at first, so that a large document opens as an overview. */
export function initialFolds(lines: readonly JsonLine[]): Set<number> {
  const folded = new Set<number>();
  if (lines.length <= FOLD_ABOVE_LINES) return folded;
  lines.forEach((line, index) => {
    if (index > 0 && line.end !== null && line.end - index > SMALL_PART_LINES) folded.add(index);
  });
  return folded;
}

/** Indices of the lines that no fold hides. */
export function visibleLines(lines: readonly JsonLine[], folded: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    visible.push(index);
    const end = lines[index]?.end;
    // The closing line is drawn at the end of the folded one.
    if (folded.has(index) && end != null) index = end;
  }
  return visible;
}

/** Lines that contain the text, whatever its letter case. */
export function findLines(lines: readonly JsonLine[], text: string): number[] {
  const wanted = text.toLowerCase();
  if (wanted === "") return [];
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
}

/** The folds without those that hide a line. */
export function unfoldAround(
  lines: readonly JsonLine[],
  folded: ReadonlySet<number>,
  line: number,
): Set<number> {
  const next = new Set(folded);
  for (const start of folded) {
    const end = lines[start]?.end ?? start;
    if (start < line && line <= end) next.delete(start);
  }
  return next;
}

const TOKEN = /"(?:\\.|[^"\\])*"(\s*:)?|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]+|\s+|./g;

/** The pieces of a line, for colouring. Never fails: what is no JSON is a sign. */
export function tokenize(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const piece = match[0];
    const first = piece[0] as string;
    if (match[1] !== undefined) {
      tokens.push({ kind: "key", text: piece.slice(0, piece.length - match[1].length) });
      tokens.push({ kind: "sign", text: match[1] });
    } else if (first === '"') tokens.push({ kind: "string", text: piece });
    else if (/[-\d]/.test(first)) tokens.push({ kind: "number", text: piece });
    else if (/[tfn]/.test(first) && piece.length > 1) tokens.push({ kind: "word", text: piece });
    else tokens.push({ kind: "sign", text: piece });
  }
  return tokens;
}

/** A piece of text that either answers the search or does not. */
export interface MarkedPiece {
  text: string;
  hit: boolean;
}

/** Splits a text around the places where it contains another, whatever the letter case. */
export function markHits(text: string, wanted: string): MarkedPiece[] {
  if (wanted === "") return [{ text, hit: false }];
  const pieces: MarkedPiece[] = [];
  const hay = text.toLowerCase();
  const needle = wanted.toLowerCase();
  let from = 0;
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), hit: false });
    pieces.push({ text: text.slice(at, at + needle.length), hit: true });
    from = at + needle.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false });
  return pieces;
}
