import { GROUPINGS } from "@/app/place";
import type { IssueGrouping } from "@/ipc";
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
  const among = (id: string, title: string, keys: string[], step: (list: IssueListView) => void): Action => ({
    id: `group.${id}`,
    title,
    section: "Groups",
    keys,
    unavailable: flat,
    run: () => {
      const list = view();
      if (list) step(list);
    },
  });
  const inList = (action: Action): Action => ({ ...action, inPalette: false });
  // They lead among the cells of a row as well, in the place of the keys that do so in a list without groups.
  const along = (
    name: "previous" | "next",
    title: string,
    key: string,
    step: (list: IssueListView) => void,
  ) => ({
    ...inList(among(name, title, [key], step)),
    id: `inbox.cell-${name}`,
  });
  return [
    {
      id: "group.choose",
      title: "Group the list…",
      section: "Groups",
      keys: ["b b"],
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
      const { title, letter } = GROUPING_WORDS[name];
      return {
        id: `group.by-${name}`,
        title: `Group by ${title.toLowerCase()}`,
        section: "Groups",
        keys: [`b ${letter}`],
        unavailable: name === grouping ? "it is grouped by that" : null,
        run: () => group(name),
      };
    }),
    {
      id: "group.none",
      title: "Show the list without groups",
      section: "Groups",
      keys: ["b n"],
      unavailable: flat,
      run: () => group(null),
    },
    inList(among("next", "Next group", ["[Shift]+}"], (list) => list.moveByGroup(1))),
    inList(among("previous", "Previous group", ["[Shift]+{"], (list) => list.moveByGroup(-1))),
    ...(grouping === null
      ? []
      : [
          along("previous", "To the group, then collapse it", "ArrowLeft", (list) => {
            if (!list.moveCell(-1)) list.collapseHere();
          }),
          along("next", "Expand the group, then to its first issue and its cells", "ArrowRight", (list) => {
            if (!list.expandHere()) list.moveCell(1);
          }),
        ]),
    among("collapse-all", "Collapse all groups", ["Shift+ArrowLeft"], (list) => list.collapseAll(true)),
    among("expand-all", "Expand all groups", ["Shift+ArrowRight"], (list) => list.collapseAll(false)),
  ];
}
