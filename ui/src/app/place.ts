import type { IssueSort } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";

const KEY = "picket.place";

/** Orders of the list, the default first. */
export const SORTS: readonly IssueSort[] = ["last_seen", "first_seen", "events", "users", "trends"];

/** Where the user was, kept across restarts. */
export interface SavedPlace {
  /** Path with search, as the router writes it. */
  href: string;
  /** Query and order of the last list, which may be another place than `href`. */
  q: string;
  sort: IssueSort;
  /** The view it belongs to, if any. */
  view?: string;
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
      q: typeof place.q === "string" ? place.q : "",
      sort: SORTS.find((sort) => sort === place.sort) ?? "last_seen",
      ...(typeof place.view === "string" ? { view: place.view } : {}),
      issue: typeof place.issue === "string" ? place.issue : null,
      topRow: Number(place.topRow) || 0,
      index: Number(place.index) || 0,
    };
  });
}

export function writePlace(place: SavedPlace): void {
  writeStored(KEY, place);
}
