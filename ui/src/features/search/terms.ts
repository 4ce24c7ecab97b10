/** A piece of a search text as it stands there. */
export interface Term {
  /** Where it begins and ends in the text. */
  start: number;
  end: number;
  kind: "filter" | "text" | "word" | "group";
  /** Exactly as typed. */
  raw: string;
  negated: boolean;
  /** Empty unless it is a filter. */
  key: string;
  operator: string;
  /** Without the quotes around it. A list keeps its brackets. */
  value: string;
}

const FILTER = /^(!?)("[^"]+"|tags\[[^\]]*\]|[\w.-]+(?:\([^)]*\))?):(>=|<=|!=|>|<|=)?([\s\S]*)$/;
const WORD = /^(and|or|AND|OR|And|Or|NOT)$/;

/** Where the piece that begins at `at` ends. Quotes, lists and parentheses keep their blanks. */
function endOf(text: string, at: number): number {
  let depth = 0;
  let list = 0;
  let quoted = false;
  for (let i = at; i < text.length; i += 1) {
    const character = text[i] as string;
    if (character === '"' && text[i - 1] !== "\\") quoted = !quoted;
    else if (quoted) continue;
    else if (character === "[") list += 1;
    else if (character === "]") list = Math.max(0, list - 1);
    else if (list > 0) continue;
    else if (character === "(") depth += 1;
    else if (character === ")") {
      depth -= 1;
      if (depth < 0) return i === at ? i + 1 : i;
    } else if (character === " " && depth === 0) return i;
  }
  return text.length;
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replaceAll('\\"', '"')
    : value;
}

/** The pieces of a search text at its top level, in order. Words of free text beside each other are one piece. */
export function splitTerms(text: string): Term[] {
  const terms: Term[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === " ") {
      at += 1;
      continue;
    }
    const end = endOf(text, at);
    const raw = text.slice(at, end);
    const filter = FILTER.exec(raw);
    const base = { start: at, end, raw, negated: false, key: "", operator: "", value: raw };
    at = end;
    if (filter) {
      const [, bang = "", key = "", operator = "", value = ""] = filter;
      terms.push({ ...base, kind: "filter", negated: bang !== "", key, operator, value: unquote(value) });
    } else if (WORD.test(raw)) terms.push({ ...base, kind: "word" });
    else if (raw.startsWith("(")) terms.push({ ...base, kind: "group" });
    else {
      const before = terms.at(-1);
      if (before?.kind === "text" && !before.raw.startsWith('"') && !raw.startsWith('"')) {
        before.end = end;
        before.raw = text.slice(before.start, end);
        before.value = before.raw;
      } else terms.push({ ...base, kind: "text", value: unquote(raw) });
    }
  }
  return terms;
}

/** Quotes around a value where it would otherwise be something else. */
export function quoted(value: string): string {
  if (/^\[.*\]$/s.test(value)) return value;
  return value === "" || /[\s()"]/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value;
}

/** A term as it is typed. */
export function printTerm(term: Pick<Term, "kind" | "negated" | "key" | "operator" | "value">): string {
  if (term.kind !== "filter")
    return term.kind === "text" && term.value.includes('"') ? quoted(term.value) : term.value;
  const value = term.value === "" ? "" : quoted(term.value);
  return `${term.negated ? "!" : ""}${term.key}:${term.operator}${value}`;
}

/**
 * A filter whose value is still being typed, and the caret behind what is typed: with quotes that is in front of the
 * closing one.
 */
export function unfinishedFilter(key: string, value: string): { raw: string; caret: number } {
  const raw = printTerm({ kind: "filter", negated: false, key, operator: "", value });
  const isQuoted = value !== "" && quoted(value) !== value;
  return { raw, caret: isQuoted ? raw.length - 1 : raw.length };
}

/**
 * The text with a line break in place of a blank between its terms, and so of the same length. Words such as OR stay in
 * front of what they belong to.
 */
export function termLines(text: string): string {
  const terms = splitTerms(text);
  const breaks = terms.flatMap(({ start }, at) => {
    const before = terms[at - 1];
    return before && before.kind !== "word" && start > before.end ? [start - 1] : [];
  });
  return breaks.reduce((lines, at) => `${lines.slice(0, at)}\n${lines.slice(at + 1)}`, text);
}

/** The text with one term replaced; everything else stays as it was typed, blanks included. */
export function replaceTerm(text: string, term: Term, by: string): string {
  return text.slice(0, term.start) + by + text.slice(term.end);
}

/** The text without a term and without the blanks that held it apart from the next one. */
export function removeTerm(text: string, term: Pick<Term, "start" | "end">): string {
  const after = text.slice(term.end);
  const rest = after.trimStart();
  return rest === "" ? text.slice(0, term.start).trimEnd() : text.slice(0, term.start) + rest;
}

/** The text with another term at its end. */
export function appendTerm(text: string, term: string): string {
  return text === "" || text.endsWith(" ") ? text + term : `${text} ${term}`;
}
