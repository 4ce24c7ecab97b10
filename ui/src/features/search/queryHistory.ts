import { readStored, writeStored } from "@/lib/persist";

const KEY = "picket.queries";
const KEPT = 100;

const read = () =>
  readStored(KEY, (value) =>
    Array.isArray(value) ? value.filter((text): text is string => typeof text === "string") : null,
  ) ?? [];

/** Searches that were run, newest first, each once. */
export function pastQueries(): readonly string[] {
  return read();
}

/** Remembers a search. */
export function rememberQuery(query: string): void {
  if (query.trim() === "") return;
  writeStored(KEY, [query, ...read().filter((other) => other !== query)].slice(0, KEPT));
}

/** A walk through the past, which begins at what is being typed and comes back to it. */
export class HistoryWalk {
  private at = -1;
  private draft = "";

  /** The text a step further back (1) or forward (−1); null at either end. */
  step(current: string, by: 1 | -1): string | null {
    const past = pastQueries();
    if (this.at === -1 || past[this.at] !== current) {
      this.at = -1;
      this.draft = current;
    }
    let next = this.at + by;
    if (by === 1 && past[next] === this.draft) next += 1;
    if (next < -1 || next >= past.length) return null;
    this.at = next;
    return next === -1 ? this.draft : (past[next] as string);
  }
}
