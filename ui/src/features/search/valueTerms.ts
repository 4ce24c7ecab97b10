import { appendTerm, replaceTerm, splitTerms } from "./terms";

/** A value on screen that a query can ask for. */
export interface SearchableValue {
  /** The key of the search language that it belongs to; `null` for a tag whose name the language cannot say. */
  key: string | null;
  /** As it was sent. */
  value: string;
}

/** Fields of an event that are tags as well. Their plain key is the shorter way to say the same. */
const FIELD_TAGS: ReadonlySet<string> = new Set(["environment", "level", "release"]);

/** The key that asks for a tag (search specification, section 2.1); `null` where its name has other characters. */
export function tagKey(name: string): string | null {
  if (FIELD_TAGS.has(name)) return name;
  if (/^[\w.-]+$/.test(name)) return `tags[${name}]`;
  return /^[\w.:-]+$/.test(name) ? `tags["${name}"]` : null;
}

/**
 * A value so that it can stand after a colon and is looked for literally; `null` for what the language cannot say: a
 * backslash before a star, or at the end of what needs quotes.
 */
export function literalValue(value: string): string | null {
  // Each star gets a backslash of its own, so that there have to be an even number before it.
  if ([...value.matchAll(/(\\*)\*/g)].some(([, slashes = ""]) => slashes.length % 2 === 1)) return null;
  const text = value.replaceAll("*", "\\*");
  if (/^[\p{L}\p{N}][^\s()",\]]*$/u.test(text)) return text;
  return text.endsWith("\\") ? null : `"${text.replaceAll('"', '\\"')}"`;
}

/** The term that asks for a value; `null` where the language cannot say it. */
export function valueTerm({ key, value }: SearchableValue): string | null {
  const written = key === null ? null : literalValue(value);
  return written === null ? null : `${key}:${written}`;
}

/**
 * A query that asks for a term as well, or with `exclude` for its opposite. The rest stays as it was typed; a term that
 * says the opposite goes, because nothing could match both.
 */
export function narrowed(query: string, term: string, exclude: boolean): string {
  const wanted = exclude ? `!${term}` : term;
  const opposite = exclude ? term : `!${term}`;
  const terms = splitTerms(query);
  const isWord = (at: number, word: RegExp) => {
    const before = terms[at];
    return before?.kind === "word" && word.test(before.raw);
  };
  // Without the parentheses the new term would only hold for the last of the alternatives.
  if (terms.some((_, at) => isWord(at, /^or$/i))) return appendTerm(`(${query.trim()})`, wanted);
  const stands = (raw: string) => terms.find((one, at) => one.raw === raw && !isWord(at - 1, /^NOT$/));
  if (stands(wanted)) return query;
  const contrary = stands(opposite);
  return contrary ? replaceTerm(query, contrary, wanted) : appendTerm(query, wanted);
}
