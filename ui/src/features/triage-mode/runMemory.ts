import { knownOrder } from "@/app/order";
import { knownGrouping } from "@/app/place";
import { isChangeKind } from "@/features/triage/words";
import { dropStored, readStored, writeStored } from "@/lib/persist";
import { throttle } from "@/lib/throttle";
import { createValueStore, type ValueStore } from "@/lib/valueStore";
import type { Decision, TriageRun } from "./triageRun";

const RUN_KEY = "picket.triage";
const ORDER_KEY = "picket.triage.order";

/**
 * Issues of an order that are kept for the next start of Picket: more than anybody looks at one by one, and small
 * beside the room that a page has. Of a longer list the part from the first issue of the run on is kept.
 */
export const KEPT = 20_000;

/** What of a run changes with every decision. The order, which does not, is kept apart, and written once. */
interface StoredRun {
  /** The store its issues are in. */
  store: string;
  id: number;
  title: string;
  query: string;
  sort: string;
  grouping: string | null;
  revision: string;
  total: number;
  length: number;
  /** Milliseconds it has taken until now. */
  spent: number;
  ended: boolean;
  takenBack: boolean;
  /** Change and entry of the journal, an issue after the other. */
  steps: readonly (readonly [string | null, string | null])[];
}

interface StoredOrder {
  /** The run it belongs to. */
  id: number;
  ids: string;
  whole: boolean;
  first: number;
}

/**
 * The run of triage mode, kept over a restart: place, decisions with what takes them back, and time. Time goes by only
 * while Picket is open.
 */
export class TriageMemory implements ValueStore<TriageRun | null> {
  private readonly value = createValueStore<TriageRun | null>(null);
  private store: string | null = null;
  /** The run whose order is kept. */
  private ordered: number | null = null;
  private readonly soon = throttle(() => this.save(), 400);

  readonly get = this.value.get;
  readonly subscribe = this.value.subscribe;

  readonly set = (next: TriageRun | null | ((previous: TriageRun | null) => TriageRun | null)): void => {
    const before = this.value.get();
    this.value.set(next);
    const run = this.value.get();
    if (run === before) return;
    if (run === null) this.forget();
    else this.soon();
  };

  /** A store was opened: a run through another one is no longer offered, one that was begun in this one is. */
  open(store: string): void {
    if (store === this.store) return;
    const begun = this.store === null ? this.value.get() : null;
    this.save();
    this.store = store;
    this.ordered = null;
    if (begun) this.save();
    else {
      const run = readRun(store, Date.now());
      this.ordered = run?.id ?? null;
      this.value.set(run);
    }
  }

  /** Keeps what there is when the window goes, with the time that went by. Returns the way out, which keeps it, too. */
  keepOn(target: Window): () => void {
    const save = () => this.save();
    target.addEventListener("pagehide", save);
    return () => {
      target.removeEventListener("pagehide", save);
      // Nothing is written later: by then it may be another window's turn.
      save();
    };
  }

  private save(): void {
    this.soon.cancel();
    const { store } = this;
    const run = this.value.get();
    if (!run || store === null) return;
    if (this.ordered !== run.id) {
      writeStored(ORDER_KEY, storedOrder(run));
      this.ordered = run.id;
    }
    writeStored(RUN_KEY, storedRun(store, run, Date.now()));
  }

  private forget(): void {
    this.soon.cancel();
    this.ordered = null;
    dropStored(RUN_KEY);
    dropStored(ORDER_KEY);
  }
}

function storedRun(store: string, run: TriageRun, now: number): StoredRun {
  const { id, title, query, sort, grouping, revision, total, length, takenBack } = run;
  return {
    store,
    id,
    title,
    query,
    sort,
    grouping,
    revision,
    total,
    length,
    spent: Math.max(0, (run.endedAt ?? now) - run.startedAt),
    ended: run.endedAt !== null,
    takenBack,
    steps: run.decisions.map(({ change, journal }) => [change, journal]),
  };
}

function storedOrder({ id, ids, whole, first }: TriageRun): StoredOrder {
  const fits = ids.length <= KEPT;
  const kept = fits ? ids : ids.slice(first, first + KEPT);
  return { id, ids: kept.join(" "), whole: whole && fits, first: fits ? first : 0 };
}

/** The run that was kept of a store. Anything that does not fit together counts as none. */
function readRun(store: string, now: number): TriageRun | null {
  const kept = readStored(RUN_KEY, (value) => value as Partial<StoredRun> | null);
  const order = readStored(ORDER_KEY, (value) => value as Partial<StoredOrder> | null);
  if (!order || kept?.store !== store || kept.id !== order.id || !Array.isArray(kept.steps)) return null;
  const { id, title, query, revision } = kept;
  if (typeof id !== "number" || typeof order.ids !== "string") return null;
  if (typeof title !== "string" || typeof query !== "string" || typeof revision !== "string") return null;
  const ids = order.ids.split(" ").filter((issue) => /^\d+$/.test(issue));
  const first = wholeNumber(order.first);
  const decisions = kept.steps.map(readStep);
  if (first + decisions.length > ids.length) return null;
  const startedAt = now - wholeNumber(kept.spent);
  const isOver = kept.ended === true || first + decisions.length === ids.length;
  return {
    id,
    title,
    query,
    sort: knownOrder(kept.sort),
    grouping: knownGrouping(kept.grouping),
    revision,
    total: wholeNumber(kept.total),
    // Lists are kept as long as the program runs.
    list: null,
    ids,
    whole: order.whole === true,
    first,
    length: Math.max(wholeNumber(kept.length), decisions.length),
    decisions,
    at: decisions.length,
    startedAt,
    endedAt: isOver ? now : null,
    takenBack: kept.takenBack === true,
  };
}

function readStep(step: unknown): Decision {
  const [change, journal] = Array.isArray(step) ? step : [];
  return {
    change: isChangeKind(change) ? change : null,
    journal: typeof journal === "string" ? journal : null,
  };
}

const wholeNumber = (value: unknown): number => Math.max(0, Math.trunc(Number(value)) || 0);
