import { knownOrder } from "@/app/order";
import { knownGrouping } from "@/app/place";
import { knownDensity } from "@/app/preferences";
import { knownColumns, type ListColumn, sameColumns } from "@/features/inbox/listColumns";
import type { IssueGrouping, IssueOrder, RowDensity, SavedView } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";
import { createValueStore } from "@/lib/valueStore";

/** What a view was changed to without saving it. */
export interface Draft {
  q: string;
  sort: IssueOrder;
  group: IssueGrouping | null;
  /** The columns of its list; null where it has those of other lists. */
  columns: readonly ListColumn[] | null;
  /** How high its rows are; null where they are as in other lists. */
  density: RowDensity | null;
}

const KEY = "picket.drafts";

function accept(value: unknown): ReadonlyMap<string, Draft> | null {
  if (typeof value !== "object" || value === null) return null;
  const drafts = new Map<string, Draft>();
  for (const [id, draft] of Object.entries(value as Record<string, Partial<Draft> | null>)) {
    if (typeof draft?.q === "string" && typeof draft.sort === "string") {
      const columns = knownColumns(draft.columns);
      drafts.set(id, {
        q: draft.q,
        sort: knownOrder(draft.sort),
        group: knownGrouping(draft.group),
        columns,
        density: knownDensity(draft.density),
      });
    }
  }
  return drafts;
}

/** Whether a search differs from what a view has saved. */
export const differs = (view: SavedView, draft: Draft): boolean => !sameDrafts(savedIn(view), draft);

const sameDrafts = (one: Draft, other: Draft): boolean =>
  one.q === other.q &&
  one.sort === other.sort &&
  one.group === other.group &&
  one.density === other.density &&
  sameColumns(one.columns, other.columns);

/** What a view has saved. */
export const savedIn = ({ query, sort, grouping, columns, density }: SavedView): Draft => ({
  q: query,
  sort,
  group: grouping,
  columns,
  density,
});

/** Drafts of views; they stay with their tab, also over a restart, until they are saved or taken back. */
export class ViewDrafts {
  readonly all = createValueStore<ReadonlyMap<string, Draft>>(readStored(KEY, accept) ?? new Map());

  /** What a view shows when it is opened: its draft, or else what it has saved. */
  of(view: SavedView): Draft {
    return this.all.get().get(view.id) ?? savedIn(view);
  }

  /** Remembers what a view shows now; nothing is kept of a view that shows what it has saved. */
  note(view: SavedView, shown: Draft): void {
    const known = this.all.get().get(view.id);
    if (!differs(view, shown)) this.forget(view.id);
    else if (!known || !sameDrafts(known, shown)) {
      const { q, sort, group, columns, density } = shown;
      this.put(new Map(this.all.get()).set(view.id, { q, sort, group, columns, density }));
    }
  }

  forget(id: string): void {
    if (!this.all.get().has(id)) return;
    const next = new Map(this.all.get());
    next.delete(id);
    this.put(next);
  }

  private put(next: ReadonlyMap<string, Draft>): void {
    this.all.set(next);
    writeStored(KEY, Object.fromEntries(next));
  }
}
