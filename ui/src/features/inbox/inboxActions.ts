import { orderText, SORTS, usualKey } from "@/app/order";
import type { PanelSide } from "@/app/preferences";
import type { TriageRun } from "@/features/triage-mode/triageRun";
import type { IssueOrder } from "@/ipc";
import type { Action } from "@/keyboard/keyboard";
import { formatCount } from "@/lib/format";
import type { IssueListView } from "./issueListView";
import { SORT_WORDS, sortNote } from "./sortWords";

interface InboxCommands {
  view: () => IssueListView | null;
  open: (index: number) => void;
  /** In a window of its own. */
  openAside: (index: number) => void;
  apply: () => void;
  hasPending: boolean;
  follow: { on: boolean; toggle: () => void };
  focusSearch: () => void;
  openSort: () => void;
  sort: IssueOrder;
  changeSort: (sort: IssueOrder) => void;
  turnOrder: () => void;
  openColumns: () => void;
  /** There are no heads above an empty list. */
  focusHeads: (() => void) | null;
  nextDensity: () => void;
  /** Nothing to go through in an empty list, and nothing to decide in a bundle. */
  startTriage: (() => void) | null;
  /** Why nothing can be decided. */
  noTriage: string | null;
  /** A run of triage mode that goes on. */
  begun: TriageRun | null;
  resumeTriage: () => void;
  /** Nothing to go to in an empty list. */
  goToRow: (() => void) | null;
  preview: { on: boolean; toggle: () => void; side: PanelSide; move: () => void };
  /** Where Escape closes the preview. */
  closePreview: (() => void) | null;
}

/** What can be done in the list, by key and by palette. */
export function useInboxActions(commands: InboxCommands): Action[] {
  const {
    view,
    open,
    openAside,
    apply,
    hasPending,
    follow,
    focusSearch,
    openSort,
    sort,
    changeSort,
    turnOrder,
    openColumns,
    focusHeads,
    startTriage,
    noTriage,
    begun,
    resumeTriage,
    nextDensity,
    goToRow,
    preview,
    closePreview,
  } = commands;
  const move = (
    id: string,
    title: string,
    keys: string[],
    step: (list: IssueListView) => unknown,
  ): Action => ({
    id: `inbox.${id}`,
    title,
    section: "Move",
    keys,
    inPalette: false,
    run: () => {
      const list = view();
      if (list) step(list);
    },
  });
  return [
    {
      id: "inbox.search",
      title: "Search issues",
      section: "List",
      keys: ["[Shift]+/"],
      run: focusSearch,
    },
    {
      id: "inbox.apply",
      title: "Apply waiting updates",
      section: "List",
      keys: ["[Shift]+."],
      unavailable: hasPending ? null : "nothing is waiting",
      run: apply,
    },
    {
      id: "inbox.follow",
      title: follow.on ? "Stop following the feed" : "Follow the feed",
      section: "List",
      keys: ["f"],
      run: follow.toggle,
    },
    {
      id: "inbox.sort",
      title: "Sort the list by one column or up to three…",
      section: "List",
      keys: ["s"],
      argument: {
        label: "By what",
        placeholder: "An order",
        none: "",
        choices: SORTS.map(usualKey).map((key) => ({
          id: key.by,
          title: SORT_WORDS[key.by].title,
          note: sortNote(key),
          unavailable: sort === orderText([key]) ? "it is sorted so" : null,
          run: () => changeSort(orderText([key])),
        })),
      },
      run: openSort,
    },
    {
      id: "inbox.turn",
      title: "Turn the order of the list round",
      section: "List",
      keys: ["Shift+s"],
      run: turnOrder,
    },
    { id: "inbox.columns", title: "Choose columns…", section: "List", keys: ["v"], run: openColumns },
    {
      id: "inbox.heads",
      title: "Go to the heads of the columns, to move or widen them",
      section: "List",
      keys: ["Shift+v"],
      unavailable: focusHeads ? null : "the list is empty",
      run: focusHeads ?? (() => undefined),
    },
    { id: "inbox.density", title: "Next row density", section: "List", keys: ["d"], run: nextDensity },
    {
      id: "inbox.triage",
      title: "Go through the list issue by issue",
      section: "List",
      keys: ["t"],
      unavailable: noTriage ?? (startTriage ? null : "the list is empty"),
      run: startTriage ?? (() => undefined),
    },
    {
      id: "inbox.triage-resume",
      title: begun
        ? `Go on with the triage of ${begun.title} · ${formatCount(begun.at + 1)} of ${formatCount(begun.length)}`
        : "Go on with the triage that was begun",
      section: "List",
      keys: ["Shift+t"],
      unavailable: noTriage ?? (begun ? null : "none is under way"),
      run: resumeTriage,
    },
    {
      id: "inbox.go-to",
      title: "Go to row…",
      section: "List",
      keys: ["$mod+g"],
      unavailable: goToRow ? null : "the list is empty",
      run: goToRow ?? (() => undefined),
    },
    {
      id: "inbox.preview",
      title: preview.on ? "Close the preview" : "Preview the issue beside the list",
      section: "List",
      keys: ["Space", "$mod+Backslash"],
      inTextFields: true,
      run: preview.toggle,
    },
    {
      id: "inbox.preview-side",
      title: preview.side === "right" ? "Put the preview below the list" : "Put the preview beside the list",
      section: "List",
      keys: ["$mod+Shift+Backslash"],
      inTextFields: true,
      run: preview.move,
    },
    ...(closePreview
      ? [
          {
            // In the place of clearing a selection that is not there.
            id: "select.clear",
            title: "Close the preview",
            section: "List",
            keys: ["Escape"],
            inPalette: false,
            run: closePreview,
          },
        ]
      : []),
    move("next", "Next row", ["j", "ArrowDown"], (list) => list.moveBy(1)),
    move("previous", "Previous row", ["k", "ArrowUp"], (list) => list.moveBy(-1)),
    move("page-down", "A screen down", ["PageDown"], (list) => list.moveBy(list.pageRows)),
    move("page-up", "A screen up", ["PageUp"], (list) => list.moveBy(-list.pageRows)),
    move("first", "First row", ["g g", "Home"], (list) => list.moveToRow(0)),
    move("last", "Last row", ["Shift+g", "End"], (list) => list.moveToRow(Number.MAX_SAFE_INTEGER)),
    move("cell-next", "Into the cells of the row, to the next one", ["ArrowRight"], (list) =>
      list.moveCell(1),
    ),
    move("cell-previous", "To the cell before, back to the row", ["ArrowLeft"], (list) => list.moveCell(-1)),
    {
      // In the place of opening the list itself once more.
      id: "window.new",
      title: "Open the issue in a new window",
      section: "Go to",
      keys: ["$mod+Enter"],
      run: () => {
        const list = view();
        if (list) openAside(list.cursorIndex);
      },
    },
    move("open", "Open the issue, or the group", ["Enter"], (list) => {
      if (!list.toggleHere()) open(list.cursorIndex);
    }),
  ];
}
