import { orderKeys } from "@/app/order";
import type { Host, IssueAmount, IssueExtras, IssueOrder, IssueRow } from "@/ipc";
import { formatBytes, formatCount, formatExact, plural } from "@/lib/format";
import { EXTRA_COLUMNS, type ExtraColumn, type ListColumn } from "./listColumns";

/** A row with what columns show beside it, as far as the list asked for it. */
export interface ListRow extends IssueRow {
  extras?: IssueExtras;
}

/** What a list asks of its rows beside the rows themselves. */
export interface ExtrasQuestion {
  query: string;
  sort: IssueOrder;
  columns: readonly ExtraColumn[];
}

/** Whether a search may ask for some time only. The store knows; this keeps it from being asked for nothing. */
const MAY_HAVE_RANGE = /date|timestamp|last_?seen/i;

/** What a list asks beside its rows; null where they say everything it shows. */
export function extrasQuestion(
  query: string,
  sort: IssueOrder,
  shown: readonly ListColumn[],
): ExtrasQuestion | null {
  const columns = EXTRA_COLUMNS.filter((name) => shown.includes(name));
  const isScored = orderKeys(sort).some(({ by }) => by === "trends");
  return columns.length > 0 || isScored || MAY_HAVE_RANGE.test(query) ? { query, sort, columns } : null;
}

/** Rows with what a list asks beside them. */
export async function listRows(
  host: Host,
  ids: string[],
  question: ExtrasQuestion | null,
): Promise<ListRow[]> {
  if (question === null) return host.issueRows(ids);
  const { query, sort, columns } = question;
  const [rows, extras] = await Promise.all([
    host.issueRows(ids),
    // Rows without their extras are better than none; what is wrong with a search is said elsewhere.
    host.issueExtras(ids, query, sort, [...columns]).catch(() => []),
  ]);
  const byId = new Map(extras.map((one) => [one.id, one]));
  return rows.map((row) => {
    const found = byId.get(row.id);
    return found ? { ...row, extras: found } : row;
  });
}

/** Names in one line, the unnamed one in words. */
const named = (names: readonly string[]) => names.map((name) => name || "(none)").join(", ");

/** Occurrences that are looked at for what no index holds. */
const LOOKED_AT = 200;

/** What a column shows of a row, and what its tip says where that is more. */
interface CellWords {
  text: string;
  tip: string;
}

const plain = (text: string | null | undefined): CellWords => ({ text: text ?? "", tip: text ?? "" });

function tracesWords(traces: IssueAmount | null): CellWords {
  if (traces === null) return plain("");
  const { value, exact } = traces;
  return exact
    ? { text: formatCount(value), tip: plural(value, "trace") }
    : {
        text: `${formatCount(value)}+`,
        tip: `At least ${plural(value, "trace")}: those of the newest ${LOOKED_AT} events`,
      };
}

function sizeWords(bytes: IssueAmount | null): CellWords {
  if (bytes === null) return plain("");
  const text = formatBytes(bytes.value);
  return bytes.exact
    ? { text, tip: `${text} of stored occurrences` }
    : { text: `≈ ${text}`, tip: `About ${text}, estimated by the newest ${LOOKED_AT} occurrences` };
}

/** What the columns show that are read beside the rows. */
export const EXTRA_WORDS: Record<ExtraColumn, (extras: IssueExtras) => CellWords> = {
  environment: ({ environments }) => plain(named(environments)),
  release: ({ releases }) => plain(releases.join(", ")),
  first_release: ({ first_release }) => plain(first_release),
  last_release: ({ releases }) => plain(releases[0]),
  service: ({ service }) => plain(service),
  topic: ({ topic }) => plain(topic),
  traces: ({ traces }) => tracesWords(traces),
  size: ({ bytes }) => sizeWords(bytes),
};

/** How often it was seen: in the time that the search asks for, where it asks for some. */
export function eventsWords(row: ListRow): CellWords {
  const range = row.extras?.in_range;
  const all = plural(row.times_seen, "event");
  if (!range) return { text: formatCount(row.times_seen), tip: all };
  const since = formatExact(row.first_seen);
  return {
    text: formatCount(range.events),
    tip: `${plural(range.events, "event")} in the time of this search; ${all} since ${since}`,
  };
}

/** Whom it affects: in the time that the search asks for, where it asks for some. */
export function usersWords(row: ListRow): CellWords {
  const range = row.extras?.in_range;
  const all = row.users === null ? "no users" : plural(row.users, "user");
  if (!range || row.users === null) {
    return { text: row.users === null ? "–" : formatCount(row.users), tip: all };
  }
  return {
    text: formatCount(range.users),
    tip: `${plural(range.users, "user")} in the time of this search; ${all} in all`,
  };
}

/** The score that the order by trend goes by; empty in other orders. */
export function scoreWords(row: ListRow): string {
  const score = row.extras?.trend_score;
  return score === null || score === undefined ? "" : `trend score ${score.toPrecision(3)}`;
}
