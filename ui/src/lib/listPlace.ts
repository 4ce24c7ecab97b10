/** Where the user is in a list. Rows, not pixels, so that it survives a change of density. */
export interface ListPlace {
  /** Row under the cursor; -1 in an empty list. */
  index: number;
  /** Its issue, to find it again in another order. */
  issue: string | null;
  /** First visible row; the fraction is the part that is scrolled away. */
  topRow: number;
}

/** The beginning of a list. */
export const LIST_START: ListPlace = { index: 0, issue: null, topRow: 0 };

/**
 * The same place in a new order of the list: the cursor stays on its issue and that row stays where it is on screen.
 * If the issue has left, the next one of the old order takes over, else the previous one.
 */
export function carryPlace(place: ListPlace, before: readonly string[], after: readonly string[]): ListPlace {
  if (after.length === 0) return { index: -1, issue: null, topRow: 0 };
  const index = findSuccessor(place, before, after);
  return { index, issue: after[index] ?? null, topRow: Math.max(0, index - (place.index - place.topRow)) };
}

/**
 * Whether a place that is carried into a list is sure to be among its `first` ids, as it would be with all of them.
 * `inOrder`: the new list has the order of the old one; then an issue that comes before one of the first ones, and is
 * none of them, is not in it at all.
 */
export function isCarriedAmong(
  place: ListPlace,
  before: readonly string[],
  first: readonly string[],
  inOrder: boolean,
): boolean {
  if (place.issue === null) return place.index < first.length;
  const known = new Set(first);
  return known.has(place.issue) || (inOrder && before.some((id, at) => at > place.index && known.has(id)));
}

function findSuccessor(place: ListPlace, before: readonly string[], after: readonly string[]): number {
  const same = place.issue === null ? -1 : after.indexOf(place.issue);
  if (same !== -1) return same;
  if (before.length > 0 && place.issue !== null) {
    const places = new Map(after.map((id, at) => [id, at]));
    for (let at = place.index + 1; at < before.length; at += 1) {
      const found = places.get(before[at] as string);
      if (found !== undefined) return found;
    }
    for (let at = Math.min(place.index, before.length) - 1; at >= 0; at -= 1) {
      const found = places.get(before[at] as string);
      if (found !== undefined) return found;
    }
  }
  return Math.min(Math.max(0, place.index), after.length - 1);
}
