import type { SortKey } from "@/app/order";
import type { IssueSort } from "@/ipc";

/** What people read for something that a list is ordered by. */
interface SortWords {
  title: string;
  /** What comes first where a key begins with the greatest, and what does where it is `:asc`. */
  first: string;
  last: string;
}

export const SORT_WORDS: Record<IssueSort, SortWords> = {
  last_seen: { title: "Last seen", first: "Newest occurrence first", last: "Longest quiet first" },
  first_seen: { title: "First seen", first: "Newest issue first", last: "Oldest issue first" },
  events: { title: "Events", first: "Most occurrences first", last: "Fewest occurrences first" },
  users: { title: "Users", first: "Most users first", last: "Fewest users first" },
  trends: {
    title: "Trend",
    first: "Most active against its own past first",
    last: "Least active against its own past first",
  },
  title: { title: "Title", first: "From Z to A", last: "From A to Z" },
  project: { title: "Project", first: "From Z to A", last: "From A to Z" },
  level: { title: "Level", first: "Most severe first", last: "Least severe first" },
  priority: { title: "Priority", first: "Highest first", last: "Lowest first" },
  status: {
    title: "Status",
    first: "Escalating first, resolved last",
    last: "Resolved first, escalating last",
  },
  type: { title: "Kind of problem", first: "From Z to A", last: "From A to Z" },
  platform: { title: "Platform", first: "From Z to A", last: "From A to Z" },
  assignee: {
    title: "Assigned to",
    first: "Nobody first, then from Z to A",
    last: "From A to Z, nobody last",
  },
  short_id: {
    title: "Short id",
    first: "Projects from Z to A, highest number first",
    last: "Projects from A to Z, lowest number first",
  },
  labels: {
    title: "First label",
    first: "No label first, then from Z to A",
    last: "From A to Z, no label last",
  },
  note: { title: "Newest note", first: "Newest note first", last: "No note first, then the oldest" },
  environment: {
    title: "First environment by name",
    first: "None first, then from Z to A",
    last: "From A to Z, none last",
  },
  first_release: {
    title: "First release",
    first: "None first, then from Z to A",
    last: "From A to Z, none last",
  },
  last_release: {
    title: "Last release",
    first: "None first, then from Z to A",
    last: "From A to Z, none last",
  },
};

/** What comes first where a key decides. */
export function sortNote({ by, ascending }: SortKey): string {
  return ascending ? SORT_WORDS[by].last : SORT_WORDS[by].first;
}

const ORDINALS = ["first", "second", "third"];

/** `sorted second: fewest users first`, as a screen reader says it of a key beside others. */
export function sortPhrase(key: SortKey, rank: number, of: number): string {
  const note = sortNote(key);
  const place = of > 1 ? `sorted ${ORDINALS[rank - 1]}` : "sorted";
  return `${place}: ${note.charAt(0).toLowerCase()}${note.slice(1)}`;
}
