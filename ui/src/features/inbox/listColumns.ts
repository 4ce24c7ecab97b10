import type { ColumnChoice } from "@/components/ColumnList";
import type { IssueColumn, IssueSort } from "@/ipc";
import { readStored, writeStored } from "@/lib/persist";
import { createValueStore } from "@/lib/valueStore";

/** A column beside the issue itself. */
export type ListColumn = IssueColumn;

/** Why a list is not sorted by what only its newest events know. */
const IN_EVENTS = "no order by it: it is read from events, for the rows on screen only";

/** Why a list is not sorted by a column (ADR 16). */
export const UNSORTED: Partial<Record<ListColumn, string>> = {
  release: "no order by it: First release and Last release have one",
  service: `${IN_EVENTS}. Group by service instead`,
  topic: IN_EVENTS,
  frame: IN_EVENTS,
  traces: IN_EVENTS,
  size: IN_EVENTS,
};

/** What a column is called in the chooser and above the rows. */
interface ColumnWords {
  title: string;
  head: string;
  /** The order by it; null where there is none. */
  sorts: IssueSort | null;
}

/** Every column that can be shown, in the order they are offered. */
export const LIST_COLUMNS: Record<ListColumn, ColumnWords> = {
  trend: { title: "Trend of the last 24 h", head: "24 h", sorts: "trends" },
  events: { title: "Events", head: "Events", sorts: "events" },
  users: { title: "Users", head: "Users", sorts: "users" },
  first: { title: "First seen", head: "First", sorts: "first_seen" },
  last: { title: "Last seen", head: "Last", sorts: "last_seen" },
  assignee: { title: "Assigned to", head: "Who", sorts: "assignee" },
  status: { title: "Status", head: "Status", sorts: "status" },
  priority: { title: "Priority", head: "Priority", sorts: "priority" },
  level: { title: "Level", head: "Level", sorts: "level" },
  project: { title: "Project", head: "Project", sorts: "project" },
  type: { title: "Kind of problem", head: "Kind", sorts: "type" },
  platform: { title: "Platform", head: "Platform", sorts: "platform" },
  labels: { title: "Labels", head: "Labels", sorts: "labels" },
  note: { title: "Newest note", head: "Note", sorts: "note" },
  environment: { title: "Environments", head: "Environment", sorts: "environment" },
  release: { title: "Releases", head: "Releases", sorts: null },
  first_release: { title: "First release", head: "First in", sorts: "first_release" },
  last_release: { title: "Last release", head: "Last in", sorts: "last_release" },
  service: { title: "Service of the newest event", head: "Service", sorts: null },
  topic: { title: "Topic of the newest occurrence", head: "Topic", sorts: null },
  frame: { title: "Top frame of the newest event", head: "Frame", sorts: null },
  traces: { title: "Traces", head: "Traces", sorts: null },
  size: { title: "Size in the store", head: "Size", sorts: null },
};

/** Usual widths, in pixels. */
const USUAL_WIDTHS: Record<ListColumn, number> = {
  trend: 111,
  events: 84,
  users: 72,
  first: 60,
  last: 72,
  assignee: 46,
  status: 150,
  priority: 78,
  level: 78,
  project: 116,
  type: 138,
  platform: 96,
  labels: 150,
  note: 200,
  environment: 110,
  release: 130,
  first_release: 110,
  last_release: 110,
  service: 110,
  topic: 130,
  frame: 200,
  traces: 64,
  size: 84,
};

/** Columns that are read beside the rows, and only where they are shown. */
export const EXTRA_COLUMNS = [
  "environment",
  "release",
  "first_release",
  "last_release",
  "service",
  "topic",
  "frame",
  "traces",
  "size",
] as const satisfies readonly ListColumn[];

/** A column that is read beside the rows. */
export type ExtraColumn = (typeof EXTRA_COLUMNS)[number];

/** The track of a column: of its chosen width, or of its usual one. */
const track = (name: ListColumn): string => `var(--width-${name}, ${USUAL_WIDTHS[name]}px)`;

const NAMES = Object.keys(LIST_COLUMNS) as ListColumn[];

/** Those that are shown unless somebody chooses. */
export const USUAL_COLUMNS: readonly ListColumn[] = ["trend", "events", "users", "first", "last", "assignee"];

/** A column of the list and whether it is shown. */
export interface ListColumnChoice extends ColumnChoice {
  name: ListColumn;
}

/** The shown columns first, in their order, and the others behind them. */
export function columnChoices(shown: readonly ListColumn[]): ListColumnChoice[] {
  const others = NAMES.filter((name) => !shown.includes(name));
  return [...shown.map((name) => ({ name, on: true })), ...others.map((name) => ({ name, on: false }))];
}

const KEY = "picket.columns";
/** The list without a view has columns, too. Those of views were kept beside them before views kept their own. */
const NO_VIEW = "";

type Kept = ReadonlyMap<string, readonly ListColumn[]>;

/** Columns as they are stored, as far as this version knows them, each once. Null where they are no list. */
export function knownColumns(value: unknown): readonly ListColumn[] | null {
  if (!Array.isArray(value)) return null;
  const known = value.flatMap((name) => NAMES.find((column) => column === name) ?? []);
  return [...new Set(known)];
}

/** What an earlier run kept, as far as this version knows it. */
export function acceptColumns(value: unknown): Kept | null {
  if (typeof value !== "object" || value === null) return null;
  const kept = new Map<string, readonly ListColumn[]>();
  for (const [view, columns] of Object.entries(value)) {
    const known = knownColumns(columns);
    if (known) kept.set(view, known);
  }
  return kept;
}

/** Columns that are kept on this device: those of lists without a view. */
export class DeviceColumns {
  private kept: Kept = readStored(KEY, acceptColumns) ?? new Map();
  /** What was chosen for lists without a view; null where nothing was. */
  readonly chosen = createValueStore(this.kept.get(NO_VIEW) ?? null);

  choose(columns: readonly ListColumn[] | null): void {
    const next = new Map(this.kept);
    if (columns) next.set(NO_VIEW, columns);
    else next.delete(NO_VIEW);
    this.put(next);
    this.chosen.set(columns);
  }

  /** Columns of a view from before views kept their own. They are handed over once. */
  takeOf(view: string): readonly ListColumn[] | null {
    const columns = view === NO_VIEW ? undefined : this.kept.get(view);
    if (!columns) return null;
    const next = new Map(this.kept);
    next.delete(view);
    this.put(next);
    return columns;
  }

  private put(next: Kept): void {
    this.kept = next;
    writeStored(KEY, Object.fromEntries(next));
  }
}

/** Whether two lists have the same columns in the same order. */
export const sameColumns = (
  one: readonly ListColumn[] | null,
  other: readonly ListColumn[] | null,
): boolean => one === other || (one !== null && other !== null && one.join() === other.join());

/** The track of the first column, counted from 1: box, glyph and issue are in front of it. */
const FIRST_COLUMN = 4;

/** Widths of the box and of the glyph in front of the issue, in pixels. */
const FRONT = [32, 34] as const;
/** Room behind the last column, in pixels. */
const BEHIND = 16;
/** Least width of the issue itself, which is what the list is about. */
const LEAST_ISSUE = 220;

/** What a list that is `room` pixels wide leaves to its columns. */
const roomForColumns = (room: number): number => room - FRONT[0] - FRONT[1] - LEAST_ISSUE - BEHIND;

type Widths = Readonly<Partial<Record<ListColumn, number>>>;

/** The columns a list has room for that is `room` pixels wide, in their order; the others are dropped from the right. */
export function fittingColumns(
  shown: readonly ListColumn[],
  widths: Widths,
  room: number,
): readonly ListColumn[] {
  let left = roomForColumns(room);
  const none = shown.findIndex((name) => {
    left -= widths[name] ?? USUAL_WIDTHS[name];
    return left < 0;
  });
  return none === -1 ? shown : shown.slice(0, none);
}

/**
 * The width that comes nearest to a wanted one, or with null to the usual one, without taking the room of a column that
 * is `shown`: a column that dropped out while it is made wider would take away what makes it narrower again.
 */
export function fittingWidth(
  name: ListColumn,
  wanted: number | null,
  shown: readonly ListColumn[],
  widths: Widths,
  room: number,
): number | null {
  const others = shown.filter((other) => other !== name);
  const most = others.reduce(
    (left, other) => left - (widths[other] ?? USUAL_WIDTHS[other]),
    roomForColumns(room),
  );
  return (wanted ?? USUAL_WIDTHS[name]) <= most ? wanted : most;
}

/** The tracks of the list: box, glyph, issue, and one for each column. */
export function columnTracks(shown: readonly ListColumn[]): string {
  return [...FRONT.map((width) => `${width}px`), "minmax(0, 1fr)", ...shown.map(track)].join(" ");
}

/**
 * The tracks of a group's header, and the one of them that its trend is in: below that of the issues where they show
 * one, else at the end.
 */
export function groupTracks(shown: readonly ListColumn[]): { tracks: string; trend: number } {
  const at = shown.indexOf("trend");
  return at === -1
    ? { tracks: "32px minmax(0, 1fr) auto", trend: 3 }
    : { tracks: columnTracks(shown), trend: at + FIRST_COLUMN };
}
