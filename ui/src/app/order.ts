import type { IssueOrder, IssueSort } from "@/ipc";

/** What a list can be ordered by, the default first. */
export const SORTS: readonly IssueSort[] = [
  "last_seen",
  "first_seen",
  "events",
  "users",
  "trends",
  "title",
  "project",
  "level",
  "priority",
  "status",
  "type",
  "platform",
  "assignee",
  "short_id",
  "labels",
  "note",
  "environment",
  "first_release",
  "last_release",
];

/** What people read from A on; of everything else the most or the newest comes first. */
const FROM_A: ReadonlySet<IssueSort> = new Set([
  "title",
  "project",
  "type",
  "platform",
  "assignee",
  "short_id",
  "labels",
  "environment",
  "first_release",
  "last_release",
]);

/** The order of a list that nobody has chosen one for. */
export const DEFAULT_ORDER: IssueOrder = "last_seen";

/** Keys of an order at most. */
export const MOST_KEYS = 3;

/** One of the things that a list is ordered by, and from which end. */
export interface SortKey {
  by: IssueSort;
  /** The least, the oldest or A first. */
  ascending: boolean;
}

/**
 * The keys of an order as its text has them, `events,first_seen:asc`; of an address or of storage as far as this version
 * knows them. Never none.
 */
export function orderKeys(text: unknown): SortKey[] {
  const keys: SortKey[] = [];
  for (const word of typeof text === "string" ? text.split(",") : []) {
    const ascending = word.endsWith(":asc");
    const name = ascending ? word.slice(0, -":asc".length) : word;
    const by = SORTS.find((sort) => sort === name);
    if (by && keys.length < MOST_KEYS && !keys.some((key) => key.by === by)) keys.push({ by, ascending });
  }
  return keys.length > 0 ? keys : [{ by: "last_seen", ascending: false }];
}

/** The text of some keys. */
export function orderText(keys: readonly SortKey[]): IssueOrder {
  return keys.map(({ by, ascending }) => (ascending ? `${by}:asc` : by)).join(",");
}

/** An order of an address or of storage, in the one text that it has. */
export const knownOrder = (text: unknown): IssueOrder => orderText(orderKeys(text));

/** The key that decides first. */
export const firstKey = (order: IssueOrder): SortKey => orderKeys(order)[0] as SortKey;

/** Sorts by one thing alone, from its usual end; from the other end where that is so already. */
export function sortBy(order: IssueOrder, by: IssueSort): IssueOrder {
  const usual = orderText([usualKey(by)]);
  return orderText(orderKeys(order)) === usual ? turned(usual) : usual;
}

/** A key from its usual end. */
export const usualKey = (by: IssueSort): SortKey => ({ by, ascending: FROM_A.has(by) });

/** What {@link sortAlsoBy} does with a key. */
export type AlsoStep = "add" | "replace" | "flip" | "remove";

/** What becomes of a key if it is asked for once more. */
export function alsoStep(order: IssueOrder, by: IssueSort): AlsoStep {
  const keys = orderKeys(order);
  const known = keys.find((key) => key.by === by);
  if (!known) return keys.length < MOST_KEYS ? "add" : "replace";
  return known.ascending !== FROM_A.has(by) && keys.length > 1 ? "remove" : "flip";
}

/**
 * Puts a key behind the others, where there are three of them in place of the last; then turns it round; then takes it
 * out. The only key of a list is turned round each time.
 */
export function sortAlsoBy(order: IssueOrder, by: IssueSort): IssueOrder {
  const keys = orderKeys(order);
  switch (alsoStep(order, by)) {
    case "add":
    case "replace":
      return orderText([...keys.slice(0, MOST_KEYS - 1), usualKey(by)]);
    case "flip":
      return orderText(keys.map((key) => (key.by === by ? { by, ascending: !key.ascending } : key)));
    case "remove":
      return withoutKey(order, by);
  }
}

/** The order with its first key turned round. */
export function turned(order: IssueOrder): IssueOrder {
  const [first, ...others] = orderKeys(order) as [SortKey, ...SortKey[]];
  return orderText([{ ...first, ascending: !first.ascending }, ...others]);
}

/** Takes a key out of an order; the only one stays. */
export function withoutKey(order: IssueOrder, by: IssueSort): IssueOrder {
  const keys = orderKeys(order);
  const left = keys.filter((key) => key.by !== by);
  return orderText(left.length > 0 ? left : keys);
}

/** Where a key stands in an order, from 1, and from which end it begins; null where it is none of its keys. */
export function rankOf(
  order: IssueOrder,
  by: IssueSort,
): { rank: number; of: number; ascending: boolean } | null {
  const keys = orderKeys(order);
  const at = keys.findIndex((key) => key.by === by);
  const key = keys[at];
  return key ? { rank: at + 1, of: keys.length, ascending: key.ascending } : null;
}

/** `↓`, and beside other keys also its rank, `↓2`. */
export function sortMark({ rank, of, ascending }: { rank: number; of: number; ascending: boolean }): string {
  return `${ascending ? "↑" : "↓"}${of > 1 ? rank : ""}`;
}
