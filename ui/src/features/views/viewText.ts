import { knownOrder } from "@/app/order";
import { knownGrouping } from "@/app/place";
import { knownDensity } from "@/app/preferences";
import { knownColumns } from "@/features/inbox/listColumns";
import type { SavedView } from "@/ipc";
import { knownIcon } from "./viewIcons";

/** What of a view another Picket can use: all but its id and its place. */
export type ViewParts = Omit<SavedView, "id" | "position">;

/** Longest name and query of a view that is taken over. */
const LONGEST = { name: 80, query: 20_000 };

/** What of a view goes into a text, in the order it is written. */
const partsOf = ({
  name,
  icon,
  query,
  sort,
  grouping,
  columns,
  density,
  follow,
  pinned,
}: SavedView): ViewParts => ({ name, icon, query, sort, grouping, columns, density, follow, pinned });

/** Views as text, a JSON object a line. */
export const viewText = (views: readonly SavedView[]): string =>
  views.map((view) => JSON.stringify(partsOf(view))).join("\n");

const LINK = "picket://view?";

/** A view as a link, which an import takes like a line of text. What is not set is left out. */
export function viewLink(view: SavedView): string {
  const { columns, ...parts } = partsOf(view);
  const set = Object.entries(parts).filter(([, value]) => value !== null && value !== false);
  const search = new URLSearchParams(set.map(([key, value]) => [key, String(value)]));
  if (columns) search.set("columns", columns.join(","));
  return LINK + search;
}

/** What a link says of a view, as the text of one would say it. */
function linkedView(link: string): Record<string, unknown> {
  const search = new URLSearchParams(link.slice(LINK.length));
  const columns = search.get("columns");
  return {
    ...Object.fromEntries(search),
    // An empty query is left out of no link, but may be of one that somebody wrote.
    query: search.get("query") ?? "",
    columns: columns?.split(",") ?? null,
    follow: search.get("follow") === "true",
    pinned: search.get("pinned") === "true",
  };
}

/** Views that were read from a text, and the lines that are none. */
export interface ReadViews {
  views: readonly ViewParts[];
  problems: readonly { line: number; what: string }[];
}

/**
 * Reads views from a text or from links, a line each; empty lines are left out. What another version of Picket knows and this one
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
    value = line.trim().startsWith(LINK) ? linkedView(line.trim()) : JSON.parse(line);
  } catch {
    return "is no JSON and no link to a view";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "is no JSON object";
  const { name, icon, query, sort, grouping, columns, density, follow, pinned } = value as Record<
    string,
    unknown
  >;
  if (typeof name !== "string" || name.trim() === "") return "has no name";
  if (typeof query !== "string") return "has no query";
  if (name.length > LONGEST.name || query.length > LONGEST.query) return "is too long";
  const known = knownColumns(columns);
  return {
    name: name.trim(),
    icon: knownIcon(icon),
    query,
    sort: knownOrder(sort),
    grouping: knownGrouping(grouping),
    columns: known && [...known],
    density: knownDensity(density),
    follow: follow === true,
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
