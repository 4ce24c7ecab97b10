import { formatHour, plural } from "@/lib/format";

const HOUR = 3_600_000;

/** Bars of a trend, their width and the gap between them, in the units of its view box. */
export const TREND = { bars: 24, bar: 3, gap: 1, height: 20, width: 24 * 4 - 1 } as const;

/**
 * The trend as one path: a bar for each hour, scaled to the row's own peak, and a line of one pixel where nothing
 * happened. One path per row instead of 24 elements keeps a full screen of trends cheap to lay out.
 */
export function trendPath(counts: readonly number[]): string {
  const peak = Math.max(1, ...counts);
  let path = "";
  for (let at = 0; at < counts.length; at += 1) {
    const count = counts[at] as number;
    const height = count === 0 ? 1 : Math.max(2, Math.round((count / peak) * TREND.height));
    const x = at * (TREND.bar + TREND.gap);
    path += `M${x} ${TREND.height}v-${height}h${TREND.bar}v${height}z`;
  }
  return path;
}

/** The bar under a horizontal place between 0 and 1. */
export function trendIndex(share: number): number {
  return Math.min(TREND.bars - 1, Math.max(0, Math.floor(share * TREND.bars)));
}

/** What a trend amounts to. */
export function trendSum(counts: readonly number[]): string {
  const sum = counts.reduce((total, count) => total + count, 0);
  return `${plural(sum, "event")} in the last ${counts.length} h`;
}

/** What the bar under a horizontal place between 0 and 1 says; the last bar is the present hour. */
export function trendHour(counts: readonly number[], share: number, now: number): string {
  const at = trendIndex(share);
  const hours = counts.length - 1 - at;
  const start = Math.floor(now / HOUR) * HOUR - hours * HOUR;
  return `${formatHour(start)}: ${plural(counts[at] ?? 0, "event")}`;
}
