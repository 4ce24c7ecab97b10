import type { IssueGrouping, IssueOrder } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";
import { knownOrder } from "./order";

const KEY = "picket.place";

/** What the list can be grouped by, in the order it is offered. */
export const GROUPINGS: readonly IssueGrouping[] = [
  "project",
  "service",
  "release",
  "error_type",
  "trace",
  "level",
  "first_seen_day",
  "assignee",
  "label",
];

/** Which list the inbox shows, as its address says it. */
export interface ListSearch {
  q: string;
  sort: IssueOrder;
  group?: IssueGrouping;
  /** The saved view that was opened; what is shown may differ from what it has saved. */
  view?: string;
}

/** The address of a list: what it lacks is left out. */
export function listSearch(list: {
  q: string;
  sort: IssueOrder;
  group: IssueGrouping | null | undefined;
  view?: string | undefined;
}): ListSearch {
  const { q, sort, group, view } = list;
  return { q, sort, ...(group ? { group } : {}), ...(view === undefined ? {} : { view }) };
}

/** A word of an address or of storage, as far as this version knows it. */
export const knownGrouping = (word: unknown): IssueGrouping | null =>
  GROUPINGS.find((grouping) => grouping === word) ?? null;

/** Where the user was, kept across restarts. */
export interface SavedPlace extends ListSearch {
  /** Path with search, as the router writes it. The list is the last one, which may be another place. */
  href: string;
  /** Row under the cursor of the last list. */
  issue: string | null;
  /** First visible row of that list, with fraction, and the cursor's index: they keep the row's place on screen. */
  topRow: number;
  index: number;
}

/** The place of the last run, if it is one this version knows. */
export function readPlace(): SavedPlace | null {
  return readStored(KEY, (value) => {
    const place = value as Partial<SavedPlace> | null;
    if (typeof place?.href !== "string" || !place.href.startsWith("/")) return null;
    return {
      href: place.href,
      ...listSearch({
        q: typeof place.q === "string" ? place.q : "",
        sort: knownOrder(place.sort),
        group: knownGrouping(place.group),
        view: typeof place.view === "string" ? place.view : undefined,
      }),
      issue: typeof place.issue === "string" ? place.issue : null,
      topRow: Number(place.topRow) || 0,
      index: Number(place.index) || 0,
    };
  });
}

export function writePlace(place: SavedPlace): void {
  writeStored(KEY, place);
}
