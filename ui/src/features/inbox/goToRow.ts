import type { Host, IssueSort } from "@/ipc";

/** Where somebody wants to go in the list. */
export type Goal =
  | { kind: "row"; index: number }
  | { kind: "share"; share: number }
  | { kind: "time"; at: number }
  | { kind: "issue"; shortId: string };

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `512`, `50%`, `3d` ago, `2026-11-20 14:30`, `SHOP-1A`; null where it is none of these. */
export function readGoal(text: string, now: number): Goal | null {
  const wanted = text.trim();
  if (/^\d+$/.test(wanted)) return { kind: "row", index: Math.max(0, Number(wanted) - 1) };
  const share = /^(\d+(?:\.\d+)?) ?%$/.exec(wanted)?.[1];
  if (share !== undefined) return { kind: "share", share: Math.min(100, Number(share)) / 100 };
  const age = /^(\d+) ?([mhdw])$/.exec(wanted);
  if (age) return { kind: "time", at: now - Number(age[1]) * (UNITS[age[2] as string] as number) };
  if (/^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?$/.test(wanted)) {
    // Without a zone it is local time; a bare date would otherwise be read as UTC.
    const at = Date.parse(wanted.length === 10 ? `${wanted}T00:00` : wanted.replace(" ", "T"));
    return Number.isNaN(at) ? null : { kind: "time", at };
  }
  return /^[\w-]+-[0-9a-z]+$/i.test(wanted) ? { kind: "issue", shortId: wanted.toUpperCase() } : null;
}

/**
 * The first row of a list whose time is not after `at`, in one with the oldest first not before it. Looks at about seventeen rows of a list of a
 * hundred thousand; rows that are gone are passed over.
 */
export async function rowAtTime(
  host: Pick<Host, "issueRows">,
  ids: readonly string[],
  { by, ascending }: { by: Extract<IssueSort, "last_seen" | "first_seen">; ascending: boolean },
  at: number,
): Promise<number> {
  let from = 0;
  let to = ids.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    let probe = middle;
    let [row] = await host.issueRows([ids[probe] as string]);
    while (!row && probe > from) {
      probe -= 1;
      [row] = await host.issueRows([ids[probe] as string]);
    }
    // Nothing is left between `from` and the middle, so the answer lies behind it.
    if (!row) from = middle + 1;
    else if (ascending ? row[by] < at : row[by] > at) from = probe + 1;
    else to = probe;
  }
  return Math.min(from, ids.length - 1);
}
