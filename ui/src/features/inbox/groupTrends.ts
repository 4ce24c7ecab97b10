import type { IssueGroup } from "@/ipc";
import { groupId } from "./groupings";

/** Groups one request asks for at most. */
export const MOST_GROUPS = 200;

/** Answers the trends of some groups of a list, in the order of their keys. */
export type FetchTrends = (keys: (string | null)[]) => Promise<number[][]>;

interface Known {
  trend: readonly number[];
  /** The reading of the list it belongs to. */
  reading: number;
}

/**
 * Trends of the groups of a list, asked for as their headers come into view: those on screen in one request, and the
 * next request when that is answered. What was scrolled past meanwhile is not asked for.
 */
export class GroupTrends {
  private known = new Map<string, Known>();
  private reading = 0;
  private fetch: FetchTrends | null = null;
  private wanted: readonly IssueGroup[] = [];
  private running = false;

  /** `changed`: told when trends have arrived. */
  constructor(private readonly changed: () => void) {}

  /**
   * Begins with another reading of the list. Where `same` says that it answers the same question, the trends of the one
   * before stay until they are replaced.
   */
  begin(fetch: FetchTrends | null, same: boolean): void {
    this.fetch = fetch;
    this.reading += 1;
    this.wanted = [];
    if (!same) this.known = new Map();
  }

  get(group: IssueGroup): readonly number[] | undefined {
    return this.known.get(groupId(group))?.trend;
  }

  /** Asks for the trends of the groups on screen, as far as they are not there. */
  want(groups: readonly IssueGroup[]): void {
    // What stands for many groups is no group that the store could name.
    this.wanted = groups.filter(
      (group) => group.stands_for === null && this.known.get(groupId(group))?.reading !== this.reading,
    );
    if (this.wanted.length > 0) void this.ask();
  }

  private async ask(): Promise<void> {
    const { fetch, reading } = this;
    if (this.running || !fetch) return;
    this.running = true;
    // A list is drawn several times on its way to where it stays: the last drawing counts.
    await Promise.resolve();
    const groups = this.wanted.slice(0, MOST_GROUPS);
    this.wanted = [];
    let answered = false;
    try {
      if (reading === this.reading && groups.length > 0) {
        const trends = await fetch(groups.map(({ key }) => key));
        answered = reading === this.reading;
        if (answered) this.take(groups, trends);
      }
    } catch {
      // The headers stay without; the next drawing asks again.
    } finally {
      this.running = false;
    }
    if (answered) this.changed();
    // What came into view meanwhile; some of it may have been in the answer.
    this.want(this.wanted);
  }

  private take(groups: readonly IssueGroup[], trends: readonly number[][]): void {
    const { reading } = this;
    groups.forEach((group, at) => {
      this.known.set(groupId(group), { trend: trends[at] ?? [], reading });
    });
  }
}
