import { formatExact, formatSpan, plural } from "@/lib/format";
import { type ListRow, mayHaveRange } from "./rowExtras";
import { trendHour, trendIndex, trendSum } from "./trend";

/** The trend of a row, in the time that its list is about. */
interface RowTrend {
  counts: readonly number[];
  /** What it amounts to. */
  sum: string;
  /** What the bar under a horizontal place between 0 and 1 says. */
  at: (share: number, now: number) => string;
}

/** Said of a trend that is of another time than the numbers beside it. */
const LAST_DAY = "whatever time the search asks for";

/** The bars of a row: of the time that the search asks for, where that has a beginning, else of the last 24 hours. */
export function rowTrend(row: ListRow): RowTrend {
  const ranged = row.extras?.trend;
  if (ranged) {
    const { start, width, bars } = ranged;
    const sum = bars.reduce((total, count) => total + count, 0);
    return {
      counts: bars,
      sum: `${plural(sum, "event")} in the time of this search, ${formatSpan(width)} a bar`,
      at: (share) => {
        const at = trendIndex(share);
        return `${formatSpan(width)} from ${formatExact(start + at * width)}: ${plural(bars[at] ?? 0, "event")}`;
      },
    };
  }
  const isOther =
    row.question !== undefined && mayHaveRange(row.question.query) && (row.failed || row.extras?.in_range);
  const words = (text: string) => (isOther ? `${text}, ${LAST_DAY}` : text);
  return {
    counts: row.trend,
    sum: words(trendSum(row.trend)),
    at: (share, now) => words(trendHour(row.trend, share, now)),
  };
}
