/** How well a text answers a query, and which characters did. */
export interface FuzzyMatch {
  score: number;
  positions: number[];
}

const isWordStart = (text: string, at: number) => at === 0 || /[\s\-_/.:(]/.test(text[at - 1] as string);

/**
 * Finds the characters of `query` in order. Runs and word starts count most, so `gl` prefers "Go to Live" to
 * "toggle". Returns null when a character is missing.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const needle = query.toLowerCase().replace(/\s+/g, "");
  const hay = text.toLowerCase();
  const positions: number[] = [];
  let score = 0;
  let from = 0;
  for (const character of needle) {
    const at = bestPosition(hay, character, from, positions.at(-1));
    if (at === -1) return null;
    const previous = positions.at(-1);
    if (previous !== undefined && at === previous + 1) score += 6;
    else if (isWordStart(hay, at)) score += 5;
    else score -= Math.min(at - from, 4);
    score += 1;
    positions.push(at);
    from = at + 1;
  }
  return { score: score - text.length / 100, positions };
}

/** The next character if it continues a run, else the next word start, else the first occurrence. */
function bestPosition(hay: string, character: string, from: number, previous: number | undefined): number {
  const first = hay.indexOf(character, from);
  if (first === -1 || (previous !== undefined && first === previous + 1)) return first;
  for (let at = first; at !== -1; at = hay.indexOf(character, at + 1)) if (isWordStart(hay, at)) return at;
  return first;
}
