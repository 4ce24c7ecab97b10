import { assigneeOf } from "@/app/people";
import type { IssueGroup, IssueGrouping, IssueSnapshot, People } from "@/ipc";
import { formatCount, formatUtcDay, plural } from "@/lib/format";

/** What a grouping is called, and what it says of issues that have several of what it groups by. */
interface GroupingWords {
  title: string;
  note: string;
  /** Name of the group of those that have none. */
  none: string;
  /** What several keys are called. */
  many: string;
}

/** Everything a list can be grouped by. */
export const GROUPING_WORDS: Record<IssueGrouping, GroupingWords> = {
  project: {
    title: "Project",
    note: "Largest first",
    none: "No project",
    many: "projects",
  },
  service: {
    title: "Service",
    note: "Tag “service” of the newest event",
    none: "No service",
    many: "services",
  },
  release: {
    title: "First release",
    note: "The release it was first seen in",
    none: "No release",
    many: "releases",
  },
  error_type: {
    title: "Error type",
    note: "As in KeyError; largest first",
    none: "No error type",
    many: "error types",
  },
  trace: {
    title: "Trace",
    note: "Trace of the newest event; largest first",
    none: "No trace",
    many: "traces",
  },
  level: { title: "Level", note: "Most severe first", none: "No level", many: "levels" },
  first_seen_day: {
    title: "First seen day",
    note: "In UTC, as days in a search",
    none: "No day",
    many: "days",
  },
  assignee: {
    title: "Assignee",
    note: "Who has it",
    none: "Nobody",
    many: "assignees",
  },
  label: {
    title: "Label",
    note: "The first of its labels, by the alphabet",
    none: "No label",
    many: "labels",
  },
};

/** What a group is known by from one reading of the list to the next. */
export function groupId({ key, stands_for }: Pick<IssueGroup, "key" | "stands_for">): string {
  return key === null ? (stands_for === null ? "none" : "rest") : `=${key}`;
}

/** What the header of a group says it is. */
export function groupName(group: IssueGroup, grouping: IssueGrouping, people: People | undefined): string {
  const { key, stands_for } = group;
  const words = GROUPING_WORDS[grouping];
  if (stands_for !== null) return `${formatCount(stands_for)} more ${words.many}`;
  if (key === null) return words.none;
  if (grouping === "assignee") return assigneeOf(key, people).name;
  return grouping === "first_seen_day" ? formatUtcDay(key) : key;
}

/** Why the header of a group has no trend; null where it has one. */
export function whyNoTrend({ stands_for }: IssueGroup, grouping: IssueGrouping): string | null {
  return stands_for === null
    ? null
    : `No trend: it is added up for single ${GROUPING_WORDS[grouping].many} only`;
}

/** What the header says of the size of a group. */
export function groupSize({ issues, events }: IssueGroup): string {
  return `${plural(issues, "issue")} · ${plural(events, "event")}`;
}

/**
 * A list without some of its issues, its groups with what is left of them. Null where the number of events of one is
 * not known, so that the list has to be read again.
 */
export function withoutIssues(
  snapshot: IssueSnapshot,
  left: ReadonlySet<string>,
  eventsOf: (id: string) => number | undefined,
): IssueSnapshot | null {
  const ids = snapshot.ids.filter((id) => !left.has(id));
  const groups: IssueGroup[] = [];
  let end = 0;
  for (const group of snapshot.groups) {
    const start = end;
    end += group.issues;
    let { issues, events } = group;
    for (const id of snapshot.ids.slice(start, end)) {
      if (!left.has(id)) continue;
      const known = eventsOf(id);
      if (known === undefined) return null;
      issues -= 1;
      events -= known;
    }
    if (issues > 0) groups.push({ ...group, issues, events: Math.max(0, events) });
  }
  const after = { ...snapshot, ids, groups, total: snapshot.total - (snapshot.ids.length - ids.length) };
  const gone = snapshot.ids.filter((id) => left.has(id));
  taken.set(after, [...takenOut(snapshot), ...gone]);
  return after;
}

const taken = new WeakMap<IssueSnapshot, readonly string[]>();

/** Issues that were taken out of a list after the store had answered it. */
export const takenOut = (snapshot: IssueSnapshot): readonly string[] => taken.get(snapshot) ?? [];
