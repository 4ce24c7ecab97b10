import type { AnyRouter } from "@tanstack/react-router";
import type { SavedPlace } from "@/app/place";
import { writePlace } from "@/app/place";
import type { IssueSnapshot, IssueSort } from "@/ipc";
import type { ListPlace } from "@/lib/listPlace";
import { throttle } from "@/lib/throttle";
import { createValueStore } from "@/lib/valueStore";

/** A list as it is on screen: its question and the order it was answered with. */
export interface ShownList {
  query: string;
  sort: IssueSort;
  snapshot: IssueSnapshot;
}

/** Lists whose place is remembered. */
const PLACES = 30;

const keyOf = (query: string, sort: IssueSort) => `${sort} ${query}`;

/**
 * What the inbox remembers while another screen is open, and, through {@link SavedPlace}, while Picket is closed:
 * the frozen order on screen and the place in each list that was looked at.
 */
export class InboxMemory {
  /** The list the inbox shows or last showed. Also the queue that `]` and `[` walk. */
  readonly list = createValueStore<ShownList | null>(null);
  /** Query and sort the inbox was left with. */
  readonly search = createValueStore<{ q: string; sort: IssueSort; view?: string }>({
    q: "is:unresolved",
    sort: "last_seen",
  });
  private readonly places = new Map<string, ListPlace>();
  private href = "";
  private lastPlace: ListPlace | null = null;
  private readonly save = throttle(() => {
    if (this.href === "") return;
    writePlace({
      href: this.href,
      ...this.search.get(),
      issue: this.lastPlace?.issue ?? null,
      topRow: this.lastPlace?.topRow ?? 0,
      index: this.lastPlace?.index ?? 0,
    });
  }, 400);
  private restored: ListPlace | null = null;

  /** Where a link to the inbox should lead: to the list as it was left. */
  link() {
    return { to: "/inbox" as const, search: this.search.get() };
  }

  /** The place in a list, if it was looked at in this run, or in the last run if it is the first one now. */
  placeIn(query: string, sort: IssueSort): ListPlace | null {
    const known = this.places.get(keyOf(query, sort));
    if (known) return known;
    const { restored } = this;
    this.restored = null;
    return restored;
  }

  remember(query: string, sort: IssueSort, place: ListPlace): void {
    const key = keyOf(query, sort);
    this.places.delete(key);
    this.places.set(key, place);
    for (const oldest of this.places.keys()) {
      if (this.places.size <= PLACES) break;
      this.places.delete(oldest);
    }
    this.restored = null;
    this.lastPlace = place;
    this.save();
  }

  /** Moves the cursor of the list on screen, so that coming back lands on the issue that was read last. */
  moveCursor(index: number): void {
    const list = this.list.get();
    const issue = list?.snapshot.ids[index];
    if (!list || issue === undefined) return;
    const place = this.places.get(keyOf(list.query, list.sort));
    this.remember(list.query, list.sort, { index, issue, topRow: place?.topRow ?? index });
  }

  /** Forgets lists and places: another store has been opened. */
  clear(): void {
    this.list.set(null);
    this.places.clear();
    this.restored = null;
    this.lastPlace = null;
  }

  /** Takes over the place of the last run. */
  restore(place: SavedPlace): void {
    if (place.issue !== null)
      this.restored = { index: place.index, issue: place.issue, topRow: place.topRow };
    const { q, sort, view } = place;
    this.search.set({ q, sort, ...(view === undefined ? {} : { view }) });
  }

  /** Follows the router, so that the next start opens the same place. */
  follow(router: AnyRouter): () => void {
    const note = () => {
      const { location } = router.state;
      this.href = location.href;
      if (location.pathname === "/inbox") {
        const { q, sort, view } = location.search as { q: string; sort: IssueSort; view?: string };
        const known = this.search.get();
        if (known.q !== q || known.sort !== sort || known.view !== view) {
          this.search.set({ q, sort, ...(view === undefined ? {} : { view }) });
        }
      }
      this.save();
    };
    note();
    return router.subscribe("onResolved", note);
  }
}
