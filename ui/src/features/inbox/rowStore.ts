import type { ExtrasQuestion, ListRow } from "./rowExtras";

/** Rows one request asks for while scrolling. */
const WINDOW = 100;
/** Windows of an order that are asked for at once; rows that are not torn apart lie in two. */
const MOST_WINDOWS = 3;
/** Requests on their way at once. More would only delay the rows that are on screen now. */
const PARALLEL = 2;
/** Requests that may wait; older ones belong to places that were scrolled past. */
const WAITING = 4;
/** Time after which what could not be read beside a row is asked for again, in milliseconds. */
const RETRY_MS = 5_000;
/** Rows kept. About 200 screens, and a few megabytes. */
const CAPACITY = 12_000;

const isSame = (one: ExtrasQuestion | null | undefined, other: ExtrasQuestion | null | undefined) =>
  JSON.stringify(one) === JSON.stringify(other);

/** Told which issues have new rows. A row that vanished from the store is told too. */
export type RowListener = (ids: ReadonlySet<string>) => void;

/**
 * Rows of issues by id. The list asks by window of its order and draws what is there; answers arrive for whoever
 * still shows them. Kept outside React because a fast drag through a long list changes it hundreds of times.
 */
export class RowStore {
  private readonly rows = new Map<string, ListRow>();
  private readonly gone = new Set<string>();
  /** Issues that were answered for since the last {@link outdate}. */
  private readonly fresh = new Set<string>();
  /** When rows whose extras could not be read may be asked for again. */
  private readonly retryAt = new Map<string, number>();
  private age = 0;
  private readonly listeners = new Set<RowListener>();
  private readonly asked = new Set<string>();
  private waiting: string[][] = [];
  private running = 0;
  private refreshing = false;
  /** Answers that were asked for before the last {@link clear} are thrown away. */
  private generation = 0;

  /** What the list that is shown asks beside the rows. */
  private question: ExtrasQuestion | null = null;

  /** `read`: answers rows, with what a list asks beside them. */
  constructor(
    private readonly read: (ids: string[], question: ExtrasQuestion | null) => Promise<ListRow[]>,
  ) {}

  private fetchRows(ids: string[]): Promise<ListRow[]> {
    return this.read(ids, this.question);
  }

  /** Asks this beside the rows from now on. True where that is more or other than before: rows are read again then. */
  ask(question: ExtrasQuestion | null): boolean {
    if (isSame(question, this.question)) return false;
    this.question = question;
    this.outdate();
    return true;
  }

  get(id: string): ListRow | undefined {
    return this.rows.get(id);
  }

  /** Whether the store said that it no longer has this issue. */
  isGone(id: string): boolean {
    return this.gone.has(id);
  }

  subscribe(listener: RowListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Asks for the rows that are not there yet, or are old. The latest wish is served first. */
  want(ids: readonly string[]): void {
    const missing = ids.filter((id) => !this.isFresh(id) && !this.asked.has(id));
    if (missing.length === 0) return;
    for (const id of missing) this.asked.add(id);
    this.waiting.push(missing);
    while (this.waiting.length > WAITING) {
      for (const id of this.waiting.shift() ?? []) this.asked.delete(id);
    }
    this.pump();
  }

  /**
   * Asks for the rows at some places of an order, by whole windows, so that scrolling by single rows does not ask for
   * single rows. Places that collapsed groups lie between may be of many windows; then only they are asked for.
   */
  wantAround(ids: readonly string[], places: readonly number[]): void {
    const windows = new Set(places.map((place) => Math.floor(place / WINDOW)));
    if (windows.size > MOST_WINDOWS) {
      this.want(places.map((place) => ids[place] as string));
      return;
    }
    for (const at of windows) this.want(ids.slice(at * WINDOW, (at + 1) * WINDOW));
  }

  /**
   * All that is known may be old by now: counters, states, and which issues are gone. It stays, and is read again once
   * somebody wants it.
   */
  outdate(): void {
    this.fresh.clear();
    this.retryAt.clear();
    this.age += 1;
  }

  /** Forgets everything: another store has been opened, where the same ids mean other issues. */
  clear(): void {
    this.rows.clear();
    this.gone.clear();
    this.fresh.clear();
    this.retryAt.clear();
    this.waiting = [];
    this.asked.clear();
    this.generation += 1;
  }

  /** Reads rows again that are on screen. Skipped while the answer to the last call is still on its way. */
  async refresh(ids: readonly string[]): Promise<void> {
    if (this.refreshing || ids.length === 0) return;
    this.refreshing = true;
    const { generation, age } = this;
    try {
      const rows = await this.fetchRows([...ids]);
      if (generation === this.generation) this.take(ids, rows, age);
    } catch {
      // The rows stay as they are; the next change of the store tries again.
    } finally {
      this.refreshing = false;
    }
  }

  /** Reads rows at once, for somebody who has just changed them. Those that are gone are left out. */
  async reread(ids: readonly string[]): Promise<ListRow[]> {
    const { generation, age } = this;
    const rows = await this.fetchRows([...ids]);
    if (generation === this.generation) this.take(ids, rows, age);
    return rows;
  }

  /** Whether there is nothing to read again. What failed beside a row is left alone for a while. */
  private isFresh(id: string): boolean {
    return this.fresh.has(id) && !((this.retryAt.get(id) ?? Number.POSITIVE_INFINITY) <= Date.now());
  }

  private pump(): void {
    while (this.running < PARALLEL) {
      const ids = this.waiting.pop();
      if (!ids) return;
      this.running += 1;
      const { generation, age } = this;
      this.fetchRows(ids)
        .then((rows) => {
          if (generation === this.generation) this.take(ids, rows, age);
        })
        .catch(() => undefined)
        .finally(() => {
          for (const id of ids) this.asked.delete(id);
          this.running -= 1;
          // While it was on its way, nobody could ask for anything newer.
          if (generation === this.generation && age !== this.age) this.want(ids);
          this.pump();
        });
    }
  }

  /** `age`: that of this store when the rows were asked for. */
  private take(asked: readonly string[], rows: readonly ListRow[], age: number): void {
    const returned = new Set<string>();
    for (const row of rows) {
      returned.add(row.id);
      // Re-inserting keeps the map in order of use, so that the oldest entries are the first ones.
      const before = this.rows.get(row.id);
      this.rows.delete(row.id);
      // What could not be read anew stays as it was read before, by the same question.
      const isKept = row.failed && before?.extras && isSame(before.question, row.question);
      this.rows.set(row.id, isKept ? { ...row, extras: before.extras } : row);
      if (row.failed) this.retryAt.set(row.id, Date.now() + RETRY_MS);
      else this.retryAt.delete(row.id);
      this.gone.delete(row.id);
    }
    for (const id of asked) {
      if (!returned.has(id)) this.gone.add(id);
      if (age === this.age) this.fresh.add(id);
    }
    for (const id of this.rows.keys()) {
      if (this.rows.size <= CAPACITY) break;
      this.rows.delete(id);
      this.fresh.delete(id);
      this.retryAt.delete(id);
    }
    const changed = new Set(asked);
    for (const listener of this.listeners) listener(changed);
  }
}
