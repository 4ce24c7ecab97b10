import { GROUPINGS } from "@/app/place";
import type { IssueGrouping } from "@/ipc";
import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { GROUPING_WORDS } from "./groupings";
import type { IssueListView } from "./issueListView";

interface GroupCommands {
  view: () => IssueListView | null;
  grouping: IssueGrouping | null;
  group: (grouping: IssueGrouping | null) => void;
  openGroupings: () => void;
}

/** Grouping the list, and moving among its groups. */
export function groupActions({ view, grouping, group, openGroupings }: GroupCommands): Action[] {
  const flat = grouping === null ? "the list has no groups" : null;
  const among = (id: ActionId, step: (list: IssueListView) => void): Action => ({
    ...fromCatalogue(id),
    unavailable: flat,
    run: () => {
      const list = view();
      if (list) step(list);
    },
  });
  const inList = (action: Action): Action => ({ ...action, inPalette: false });
  // They lead among the cells of a row as well, in the place of what does so in a list without groups.
  const along = (
    id: "inbox.cell-previous" | "inbox.cell-next",
    title: string,
    step: (list: IssueListView) => void,
  ) => ({ ...inList(among(id, step)), title });
  return [
    {
      ...fromCatalogue("group.choose"),
      argument: {
        label: "By what",
        placeholder: "What issues have in common",
        none: "",
        choices: [
          ...GROUPINGS.map((name) => ({
            id: name,
            title: GROUPING_WORDS[name].title,
            note: GROUPING_WORDS[name].note,
            unavailable: name === grouping ? "it is grouped by that" : null,
            run: () => group(name),
          })),
          { id: "none", title: "Nothing", unavailable: flat, run: () => group(null) },
        ],
      },
      run: openGroupings,
    },
    ...GROUPINGS.map((name): Action => {
      return {
        ...fromCatalogue(`group.by-${name}`),
        unavailable: name === grouping ? "it is grouped by that" : null,
        run: () => group(name),
      };
    }),
    {
      ...fromCatalogue("group.none"),
      unavailable: flat,
      run: () => group(null),
    },
    inList(among("group.next", (list) => list.moveByGroup(1))),
    inList(among("group.previous", (list) => list.moveByGroup(-1))),
    ...(grouping === null
      ? []
      : [
          along("inbox.cell-previous", "To the group, then collapse it", (list) => {
            if (!list.moveCell(-1)) list.collapseHere();
          }),
          along("inbox.cell-next", "Expand the group, then to its first issue and its cells", (list) => {
            if (!list.expandHere()) list.moveCell(1);
          }),
        ]),
    among("group.collapse-all", (list) => list.collapseAll(true)),
    among("group.expand-all", (list) => list.collapseAll(false)),
  ];
}
