import type { IssueGroup, IssueRow, IssueSnapshot, People } from "@/ipc";
import type { ListPlace } from "@/lib/listPlace";
import type { GroupPick } from "./groupRowElement";
import type { ListRow } from "./rowExtras";

/** What the view tells its owner. */
export interface ListEvents {
  /** The cursor or the scroll place has changed. */
  moved: (place: ListPlace) => void;
  /** Other rows may be on screen now, whatever the reason. */
  drawn: () => void;
  opened: (index: number) => void;
  /** A row was picked with the pointer: alone, as the end of a range, or beside the others. */
  picked: (index: number, how: "toggle" | "range" | "add") => void;
  /** The box of a group was used: its issues from one place of the order up to another. */
  groupPicked: (start: number, end: number) => void;
  /** Groups were collapsed or expanded; by their ids. */
  collapsed: (groups: ReadonlySet<string>) => void;
}

/** What a row looks up that is not part of it. */
export interface RowContext {
  people: () => People | undefined;
  /** Why a row no longer belongs to the list, in words; null where it does as far as it can be judged here. */
  left: (row: IssueRow) => string | null;
  /** What a row has of that by which the list is sorted. */
  sortValue: (row: ListRow) => string;
  isPicked: (id: string) => boolean;
  /** Which issues of a part of the order are selected. */
  pickedOf: (ids: readonly string[], start: number, end: number) => GroupPick;
  groupName: (group: IssueGroup) => string;
  /** The trend of a group, as soon as it is known. */
  groupTrend: (group: IssueGroup) => readonly number[] | undefined;
  /** Why a group has no trend; null where it has one. */
  noTrend: (group: IssueGroup) => string | null;
  /** Told which groups have their headers on screen. */
  groupsShown: (groups: readonly IssueGroup[]) => void;
}

/**
 * An order of issues, and its groups where it has any. `about`: how many issues it will have about, while only its first
 * ones are there; the others have rows that wait for them.
 */
export type ListOrder = Pick<IssueSnapshot, "ids" | "groups"> & { about?: number };
