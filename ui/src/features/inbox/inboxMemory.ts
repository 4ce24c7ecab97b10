import type { AnyRouter } from "@tanstack/react-router";
import { type ListSearch, listSearch, type SavedPlace, writePlace } from "@/app/place";
import type { IssueGrouping, IssueHead, IssueOrder, IssueSnapshot } from "@/ipc";
import { formatCount, plural } from "@/lib/format";
import { isCarriedAmong, type ListPlace } from "@/lib/listPlace";
import { throttle } from "@/lib/throttle";
import { createValueStore } from "@/lib/valueStore";

/** A list as it is on screen: its question and the order it was answered with. */
export interface ShownList {
  query: string;
  sort: IssueOrder;
  /** What it is grouped by. */
  grouping: IssueGrouping | null;
  snapshot: IssueSnapshot;
  /** Only its first rows are there, while the others are still being read: the total is no more than these. */
  isHead?: true;
}

/** A question, whatever its answer is. */
export type ListQuestion = Pick<ShownList, "query" | "sort" | "grouping">;

/** How many issues a list has, in words; while it is still being read, how many it has at least. */
export function lengthOf({ snapshot, isHead }: ShownList): string {
  return isHead ? `${formatCount(snapshot.total)}+ issues` : plural(snapshot.total, "issue");
}

/** The first rows of a list, as one to be shown until all of it is there. */
export function headOf(question: ListQuestion, { revision, ids, took_ms }: IssueHead): ShownList {
  const { query, sort, grouping } = question;
  const snapshot = { revision, ids, took_ms, total: ids.length, groups: [], list: null };
  return { query, sort, grouping, snapshot, isHead: true };
}

/** Lists whose place is remembered. */
const PLACES = 30;

/** Names a question. */
export const listKey = ({ query, sort, grouping }: ListQuestion) => `${sort} ${grouping ?? ""} ${query}`;

const NONE: ReadonlySet<string> = new Set();

/**
 * What the inbox remembers while another screen is open, and, through {@link SavedPlace}, while Picket is closed:
 * the frozen order on screen and the place in each list that was looked at.
 */
export class InboxMemory {
  /** The list the inbox shows or last showed. Also the queue that `]` and `[` walk. */
  readonly list = createValueStore<ShownList | null>(null);
  /** The list the inbox was left with. */
  readonly search = createValueStore<ListSearch>({
    q: "is:unresolved",
    sort: "last_seen",
  });
  private readonly places = new Map<string, ListPlace>();
  /** Groups that are collapsed, by list. */
  private readonly collapsed = new Map<string, ReadonlySet<string>>();
  private href = "";
  private lastPlace: ListPlace | null = null;
  private readonly save = throttle(() => {
    if (this.href === "" || this.isPaused) return;
    writePlace({
      href: this.href,
      ...this.search.get(),
      issue: this.lastPlace?.issue ?? null,
      topRow: this.lastPlace?.topRow ?? 0,
      index: this.lastPlace?.index ?? 0,
    });
  }, 400);
  private restored: ListPlace | null = null;
  private isPaused = false;

  /** Where a link to the inbox should lead: to the list as it was left. */
  link() {
    return { to: "/inbox" as const, search: this.search.get() };
  }

  /** The place in a list, if it was looked at in this run, or in the last run if it is the first one now. */
  placeIn(list: ListQuestion): ListPlace | null {
    const known = this.places.get(listKey(list));
    if (known) return known;
    const { restored } = this;
    this.restored = null;
    return restored;
  }

  /**
   * Whether the cursor will be among the first rows of a list, so that these can be shown before all of it is there: it
   * goes to the place that is remembered, or else stays on its issue from the list on screen.
   */
  beginsAmong(list: ListQuestion, ids: readonly string[]): boolean {
    const known = this.places.get(listKey(list)) ?? this.restored;
    if (known) return isCarriedAmong(known, [], ids, false);
    const shown = this.list.get();
    const place = shown && this.places.get(listKey(shown));
    if (!place) return true;
    return isCarriedAmong(
      place,
      shown.snapshot.ids,
      ids,
      shown.sort === list.sort && shown.grouping === null,
    );
  }

  remember(list: ListQuestion, place: ListPlace): void {
    keep(this.places, listKey(list), place);
    this.restored = null;
    this.lastPlace = place;
    this.save();
  }

  /** The groups of a list that are collapsed, by their ids. */
  collapsedIn(list: ListQuestion): ReadonlySet<string> {
    return this.collapsed.get(listKey(list)) ?? NONE;
  }

  rememberCollapsed(list: ListQuestion, groups: ReadonlySet<string>): void {
    keep(this.collapsed, listKey(list), groups);
  }

  /** Moves the cursor of the list on screen, so that coming back lands on the issue that was read last. */
  moveCursor(index: number): void {
    const list = this.list.get();
    const issue = list?.snapshot.ids[index];
    if (!list || issue === undefined) return;
    const place = this.places.get(listKey(list));
    this.remember(list, { index, issue, topRow: place?.topRow ?? index });
  }

  /** Forgets lists and places: another store has been opened. */
  clear(): void {
    this.list.set(null);
    this.places.clear();
    this.collapsed.clear();
    this.restored = null;
    this.lastPlace = null;
  }

  /** Keeps nothing for the next start: what is on screen will not be there then. */
  pause(): void {
    this.isPaused = true;
  }

  /** Keeps places for the next start again. */
  resume(): void {
    this.isPaused = false;
  }

  /** Takes over the place of the last run. */
  restore(place: SavedPlace): void {
    if (place.issue !== null)
      this.restored = { index: place.index, issue: place.issue, topRow: place.topRow };
    const { q, sort, group, view } = place;
    this.search.set(listSearch({ q, sort, group, view }));
  }

  /** Follows the router, so that the next start opens the same place. */
  follow(router: AnyRouter): () => void {
    const note = () => {
      const { location } = router.state;
      this.href = location.href;
      if (location.pathname === "/inbox") {
        const { q, sort, group, view } = location.search as ListSearch;
        const known = this.search.get();
        const isKnown = known.q === q && known.sort === sort && known.group === group && known.view === view;
        if (!isKnown) this.search.set(listSearch({ q, sort, group, view }));
      }
      this.save();
    };
    note();
    return router.subscribe("onResolved", note);
  }
}

/** Puts something in as the last of at most {@link PLACES}. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= PLACES) break;
    map.delete(oldest);
  }
}
