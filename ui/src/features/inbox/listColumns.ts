import type { ColumnChoice } from "@/components/ColumnList";
import type { IssueSort } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";
import { createValueStore, useValue } from "@/lib/valueStore";

/** A column beside the issue itself. */
export type ListColumn =
  | "trend"
  | "events"
  | "users"
  | "first"
  | "last"
  | "assignee"
  | "status"
  | "priority"
  | "level"
  | "project"
  | "type"
  | "platform";

/** What a column is called in the chooser and above the rows. */
interface ColumnWords {
  title: string;
  head: string;
  /** The order by it, where there is one. */
  sorts?: IssueSort;
}

/** Every column that can be shown, in the order they are offered. */
export const LIST_COLUMNS: Record<ListColumn, ColumnWords> = {
  trend: { title: "Trend of the last 24 h", head: "24 h", sorts: "trends" },
  events: { title: "Events", head: "Events", sorts: "events" },
  users: { title: "Users", head: "Users", sorts: "users" },
  first: { title: "First seen", head: "First", sorts: "first_seen" },
  last: { title: "Last seen", head: "Last", sorts: "last_seen" },
  assignee: { title: "Assigned to", head: "Who" },
  status: { title: "Status", head: "Status" },
  priority: { title: "Priority", head: "Priority" },
  level: { title: "Level", head: "Level" },
  project: { title: "Project", head: "Project" },
  type: { title: "Kind of problem", head: "Kind" },
  platform: { title: "Platform", head: "Platform" },
};

const NAMES = Object.keys(LIST_COLUMNS) as ListColumn[];

/** Those that are shown unless somebody chooses. */
export const USUAL_COLUMNS: readonly ListColumn[] = ["trend", "events", "users", "first", "last", "assignee"];

/** A column of the list and whether it is shown. */
export interface ListColumnChoice extends ColumnChoice {
  name: ListColumn;
}

/** The shown columns first, in their order, and the others behind them. */
export function columnChoices(shown: readonly ListColumn[]): ListColumnChoice[] {
  const others = NAMES.filter((name) => !shown.includes(name));
  return [...shown.map((name) => ({ name, on: true })), ...others.map((name) => ({ name, on: false }))];
}

const KEY = "picket.columns";
/** The list without a view has columns, too. */
const NO_VIEW = "";

type Kept = ReadonlyMap<string, readonly ListColumn[]>;

/** What an earlier run kept, as far as this version knows it. */
export function acceptColumns(value: unknown): Kept | null {
  if (typeof value !== "object" || value === null) return null;
  const kept = new Map<string, readonly ListColumn[]>();
  for (const [view, columns] of Object.entries(value)) {
    if (!Array.isArray(columns)) continue;
    const known = columns.flatMap((name) => NAMES.find((column) => column === name) ?? []);
    kept.set(view, [...new Set(known)]);
  }
  return kept;
}

const store = createValueStore<Kept>(readStored(KEY, acceptColumns) ?? new Map());

/** The columns of a view on this device. A view that has none of its own takes those of the list without a view. */
export function useListColumns(view: string | undefined) {
  const kept = useValue(store);
  const own = view ?? NO_VIEW;
  const put = (next: Kept) => {
    store.set(next);
    writeStored(KEY, Object.fromEntries(next));
  };
  return {
    shown: kept.get(own) ?? kept.get(NO_VIEW) ?? USUAL_COLUMNS,
    show: (columns: readonly ListColumn[]) => put(new Map(kept).set(own, columns)),
    /** Takes back what was chosen for this view. */
    reset: () => {
      const next = new Map(kept);
      next.delete(own);
      put(next);
    },
    isOwn: kept.has(own),
  };
}

/** The tracks of the list: box, glyph, issue, and one for each column. */
export function columnTracks(shown: readonly ListColumn[]): string {
  return ["32px 34px minmax(0, 1fr)", ...shown.map((name) => `var(--column-${name})`)].join(" ");
}
