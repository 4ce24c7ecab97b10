import type { IssueChanges, IssueSnapshot } from "@/ipc";

/** What has changed in a list, without the revision it was counted at. */
export type ListChanges = Pick<IssueChanges, "added" | "changed" | "left">;

/**
 * Longest list that is compared issue by issue. Its ids are about 20 KB, which is what an update may carry; of a longer
 * one only the sums are known.
 */
const MOST_COMPARED = 1_000;

/**
 * Whether the sums may hide something: an issue that came back and one that left cancel out in them. Whatever came back
 * was written, and so counts as changed where it is hidden.
 */
export const mayHide = (list: IssueSnapshot, { changed }: ListChanges): boolean =>
  changed > 0 && list.total <= MOST_COMPARED && list.ids.length === list.total;

/** The changes by issue: `now` is the list as it would be read now, `sums` what was counted without it. */
export function changesById(
  before: readonly string[],
  now: readonly string[],
  sums: ListChanges,
): ListChanges {
  const known = new Set(before);
  const added = now.reduce((count, id) => count + Number(!known.has(id)), 0);
  // What was written is either new in the list or has changed in it.
  const changed = Math.max(0, sums.added + sums.changed - added);
  return { added, changed, left: before.length - (now.length - added) };
}

/** What is certain while only the sums are new: what was found by issue, and what the sums have beyond that. */
export const atLeast = (sums: ListChanges, found: ListChanges | null): ListChanges =>
  found === null
    ? sums
    : {
        added: Math.max(sums.added, found.added),
        changed: Math.max(0, sums.added + sums.changed - Math.max(sums.added, found.added)),
        left: Math.max(sums.left, found.left),
      };

/** What the passing of time alone has changed in a list that now has `count` issues. */
export const changesByTime = (total: number, count: number): ListChanges => ({
  added: Math.max(0, count - total),
  changed: 0,
  left: Math.max(0, total - count),
});

/** Whether anything has changed at all. */
export const isChange = ({ added, changed, left }: ListChanges): boolean => added + changed + left > 0;
