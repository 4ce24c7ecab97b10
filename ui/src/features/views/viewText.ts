import { knownOrder } from "@/app/order";
import { knownGrouping } from "@/app/place";
import { knownColumns } from "@/features/inbox/listColumns";
import type { SavedView } from "@/ipc";

/** What of a view another Picket can use: all but its id and its place. */
export type ViewParts = Omit<SavedView, "id" | "position">;

/** Longest name and query of a view that is taken over. */
const LONGEST = { name: 80, query: 20_000 };

/** Views as text, a JSON object a line. */
export const viewText = (views: readonly SavedView[]): string =>
  views
    .map(({ name, query, sort, grouping, columns, pinned }) =>
      JSON.stringify({ name, query, sort, grouping, columns, pinned }),
    )
    .join("\n");

/** Views that were read from a text, and the lines that are none. */
export interface ReadViews {
  views: readonly ViewParts[];
  problems: readonly { line: number; what: string }[];
}

/**
 * Reads views from a text, a line each; empty lines are left out. What another version of Picket knows and this one
 * does not is left out, too: the order, what is grouped by, a column.
 */
export function readViews(text: string): ReadViews {
  const views: ViewParts[] = [];
  const problems: { line: number; what: string }[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const view = readView(line);
    if (typeof view === "string") problems.push({ line: at + 1, what: view });
    else views.push(view);
  }
  return { views, problems };
}

function readView(line: string): ViewParts | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "is no JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "is no JSON object";
  const { name, query, sort, grouping, columns, pinned } = value as Record<string, unknown>;
  if (typeof name !== "string" || name.trim() === "") return "has no name";
  if (typeof query !== "string") return "has no query";
  if (name.length > LONGEST.name || query.length > LONGEST.query) return "is too long";
  const known = knownColumns(columns);
  return {
    name: name.trim(),
    query,
    sort: knownOrder(sort),
    grouping: knownGrouping(grouping),
    columns: known && [...known],
    pinned: pinned !== false,
  };
}

/** A name that no view has yet: `Mine`, `Mine 2`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name} ${number}`;
    if (!taken.has(next)) return next;
  }
}
