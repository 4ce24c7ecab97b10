import { orderKeys } from "@/app/order";
import type { Host, IssueAmount, IssueExtras, IssueOrder, IssueRow, RowFrame } from "@/ipc";
import { formatBytes, formatCount, formatExact, plural } from "@/lib/format";
import { EXTRA_COLUMNS, type ExtraColumn, type ListColumn } from "./listColumns";

/** A row with what columns show beside it, as far as the list asked for it. */
export interface ListRow extends IssueRow {
  extras?: IssueExtras;
  /** What was asked beside it; absent where nothing was. */
  question?: ExtrasQuestion;
  /** That could not be read. Extras it has all the same are those of an earlier answer to the same question. */
  failed?: true;
}

/** What a list asks of its rows beside the rows themselves. */
export interface ExtrasQuestion {
  query: string;
  sort: IssueOrder;
  /** Also the trend, where it may be of another time than the last day. */
  columns: readonly (ExtraColumn | "trend")[];
}

/** Whether a search may ask for some time only. The store knows; this keeps it from being asked for nothing. */
const MAY_HAVE_RANGE = /date|timestamp|last_?seen/i;

/** Whether a search may ask for some time only, so that rows show numbers of that time. */
export const mayHaveRange = (query: string): boolean => MAY_HAVE_RANGE.test(query);

/** What a list asks beside its rows; null where they say everything it shows. */
export function extrasQuestion(
  query: string,
  sort: IssueOrder,
  shown: readonly ListColumn[],
): ExtrasQuestion | null {
  const isRanged = mayHaveRange(query);
  const trend = isRanged ? (["trend"] as const) : [];
  const columns = [...EXTRA_COLUMNS, ...trend].filter((name) => shown.includes(name));
  const isScored = orderKeys(sort).some(({ by }) => by === "trends");
  return columns.length > 0 || isScored || isRanged ? { query, sort, columns } : null;
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
    host.issueExtras(ids, query, sort, [...columns]).catch(() => null),
  ]);
  if (extras === null) return rows.map((row) => ({ ...row, question, failed: true }));
  const byId = new Map(extras.map((one) => [one.id, one]));
  return rows.map((row) => {
    const found = byId.get(row.id);
    return found ? { ...row, question, extras: found } : row;
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

/** Where an event happened, in one line. */
function frameWords(frame: RowFrame | null): CellWords {
  if (frame === null) return plain("");
  const { function: name, place } = frame;
  return plain(name !== "" && place !== "" ? `${name} · ${place}` : name || place);
}

/** What the columns show that are read beside the rows. */
export const EXTRA_WORDS: Record<ExtraColumn, (extras: IssueExtras) => CellWords> = {
  environment: ({ environments }) => plain(named(environments)),
  release: ({ releases }) => plain(releases.join(", ")),
  first_release: ({ first_release }) => plain(first_release),
  last_release: ({ releases }) => plain(releases[0]),
  service: ({ service }) => plain(service),
  topic: ({ topic }) => plain(topic),
  frame: ({ frame }) => frameWords(frame),
  traces: ({ traces }) => tracesWords(traces),
  size: ({ bytes }) => sizeWords(bytes),
};

const IN_RANGE = "in the time of this search";
const UNREAD = `Those ${IN_RANGE} could not be read, and are asked for again`;

/** A number of a row, which is that of the time that the search asks for, where it asks for some. */
interface NumberWords extends CellWords {
  /** For whoever hears the row, or sees nothing but this of it. */
  said: string;
}

/** A number in the time of a search; null where that could not be read, undefined where the search asks for no time. */
function inRange(row: ListRow, of: "events" | "users"): number | null | undefined {
  if (row.extras) return row.extras.in_range?.[of];
  return row.failed && row.question && mayHaveRange(row.question.query) ? null : undefined;
}

function numberWords(
  total: number,
  ranged: number | null | undefined,
  word: string,
  whole: string,
): NumberWords {
  const all = plural(total, word);
  if (ranged === undefined) return { text: formatCount(total), tip: all, said: all };
  if (ranged === null) return { text: "–", tip: `${UNREAD}; ${all} ${whole}`, said: `${all} in all` };
  const said = `${plural(ranged, word)} ${IN_RANGE}`;
  return { text: formatCount(ranged), tip: `${said}; ${all} ${whole}`, said };
}

/** How often it was seen: in the time that the search asks for, where it asks for some. */
export const eventsWords = (row: ListRow): NumberWords =>
  numberWords(row.times_seen, inRange(row, "events"), "event", `since ${formatExact(row.first_seen)}`);

/** Whom it affects: in the time that the search asks for, where it asks for some. */
export const usersWords = (row: ListRow): NumberWords =>
  row.users === null
    ? { text: "–", tip: "no users", said: "" }
    : numberWords(row.users, inRange(row, "users"), "user", "in all");

/** What the list is ordered by: a number of the whole life, and said to be one where cells show others. */
export function lifetimeWords(row: ListRow, of: "events" | "users"): string {
  const total = of === "events" ? row.times_seen : row.users;
  if (total === null) return "no users";
  const all = plural(total, of === "events" ? "event" : "user");
  return inRange(row, of) === undefined ? all : `${all} in all`;
}

/** The score that the order by trend goes by; empty in other orders. */
export function scoreWords(row: ListRow): string {
  const score = row.extras?.trend_score;
  return score === null || score === undefined ? "" : `trend score ${score.toPrecision(3)}`;
}
