import type { Host } from "@/ipc";
import { printTerm, replaceTerm, splitTerms, type Term } from "./terms";

/** Values longer than this are no slips of the finger; comparing them costs more than it tells. */
const LONGEST = 60;

/**
 * Steps from one word to another, where a letter is put in, left out, replaced, or swapped with its neighbour;
 * `limit + 1` where it takes more than `limit`.
 */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let steps = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) steps = Math.min(steps, (beforeLast[j - 2] ?? 0) + 1);
      row.push(steps);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? limit + 1;
}

/** The value that was most likely meant; null where one of them was typed as it is, or none is near. */
export function nearestValue(typed: string, values: readonly string[]): string | null {
  const word = typed.toLowerCase();
  if (word === "" || word.length > LONGEST) return null;
  // One slip in a short word, two in a longer one: beyond that the words only look alike.
  let limit = word.length <= 4 ? 1 : 2;
  let nearest: string | null = null;
  for (const value of values) {
    const steps = editDistance(word, value.toLowerCase(), limit);
    if (steps === 0) return null;
    if (steps <= limit) {
      nearest = value;
      limit = steps - 1;
    }
  }
  return nearest;
}

/** A key or a value of a query that no issue has, with the one that was likely meant. */
export interface NearMiss {
  key: string;
  typed: string;
  /** The term as it would be, and the whole query with it. */
  term: string;
  query: string;
  /** Issues that the corrected query finds. */
  total: number;
}

/** Only a plain `key:value` can be a slip; patterns, lists and comparisons mean what they say. */
const isPlain = (term: Term) =>
  term.kind === "filter" && !term.negated && ["", "="].includes(term.operator) && !/[*[\]]/.test(term.value);

/** The first value or key of a query that is near to a known one, if correcting it finds something. */
export async function findNearMiss(
  host: Host,
  query: string,
  signal?: AbortSignal,
): Promise<NearMiss | null> {
  for (const term of splitTerms(query).filter(isPlain)) {
    const likely = await likelyTerm(host, term);
    if (likely === null) continue;
    const by = printTerm(likely);
    const corrected = replaceTerm(query, term, by);
    // Completion knows the common values only: a rare one that is there is no slip.
    if ((await host.issueCount(term.raw, signal)) > 0) continue;
    const total = await host.issueCount(corrected, signal);
    if (total > 0) return { key: term.key, typed: term.value, term: by, query: corrected, total };
  }
  return null;
}

/** The term that was likely meant: with another value or, where nothing is known by its key, with another key. */
async function likelyTerm(host: Host, term: Term): Promise<Term | null> {
  const values = await knownValues(host, term);
  if (values.length > 0) {
    const value = nearestValue(term.value, values);
    return value === null ? null : { ...term, value };
  }
  const key = nearestValue(term.key, await knownKeys(host));
  return key === null ? null : { ...term, key };
}

/** The keys that can be asked for: those of the language, and the tags of events. */
async function knownKeys(host: Host): Promise<string[]> {
  const { items } = await host.queryComplete("", 0);
  return items.filter(({ text }) => text.endsWith(":")).map(({ label }) => label);
}

/** The values a key can have, as completion knows them: the common ones, and those that begin or end like the typed one. */
async function knownValues(host: Host, { key, value }: Term): Promise<string[]> {
  const asked = new Set(["", value.slice(0, 2), value.slice(-2)]);
  const answers = await Promise.all(
    [...asked].map((part) => {
      const text = `${key}:${part}`;
      return host.queryComplete(text, text.length);
    }),
  );
  return answers.flatMap((answer) =>
    answer.stage === "value" ? answer.items.map(({ label }) => label) : [],
  );
}
