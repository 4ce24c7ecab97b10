import { orderText, SORTS, usualKey } from "@/app/order";
import type { PanelSide } from "@/app/preferences";
import type { TriageRun } from "@/features/triage-mode/triageRun";
import type { IssueOrder } from "@/ipc";
import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { formatCount } from "@/lib/format";
import type { IssueListView } from "./issueListView";
import { SORT_WORDS, sortNote } from "./sortWords";
import type { WhenWhole } from "./useWhenWhole";

interface InboxCommands {
  view: () => IssueListView | null;
  /** What goes to the end of the list. */
  whole: WhenWhole;
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
    whole,
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
  const move = (id: ActionId, step: (list: IssueListView) => unknown): Action => ({
    ...fromCatalogue(id),
    inPalette: false,
    run: () => {
      // Whoever goes on meanwhile is not taken elsewhere afterwards.
      whole.forget();
      const list = view();
      if (list) step(list);
    },
  });
  return [
    {
      ...fromCatalogue("inbox.search"),
      run: focusSearch,
    },
    {
      ...fromCatalogue("inbox.apply"),
      unavailable: hasPending ? null : "nothing is waiting",
      run: apply,
    },
    {
      ...fromCatalogue("inbox.follow"),
      title: follow.on ? "Stop following the feed" : "Follow the feed",
      run: follow.toggle,
    },
    {
      ...fromCatalogue("inbox.sort"),
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
      ...fromCatalogue("inbox.turn"),
      run: turnOrder,
    },
    { ...fromCatalogue("inbox.columns"), run: openColumns },
    {
      ...fromCatalogue("inbox.heads"),
      unavailable: focusHeads ? null : "the list is empty",
      run: focusHeads ?? (() => undefined),
    },
    { ...fromCatalogue("inbox.density"), run: nextDensity },
    {
      ...fromCatalogue("inbox.triage"),
      unavailable: noTriage ?? (startTriage ? null : "the list is empty"),
      run: startTriage ?? (() => undefined),
    },
    {
      ...fromCatalogue("inbox.triage-resume"),
      title: begun
        ? `Go on with the triage of ${begun.title} · ${formatCount(begun.at + 1)} of ${formatCount(begun.length)}`
        : "Go on with the triage that was begun",
      unavailable: noTriage ?? (begun ? null : "none is under way"),
      run: resumeTriage,
    },
    {
      ...fromCatalogue("inbox.go-to"),
      unavailable: goToRow ? null : "the list is empty",
      run: goToRow ?? (() => undefined),
    },
    {
      ...fromCatalogue("inbox.preview"),
      title: preview.on ? "Close the preview" : "Preview the issue beside the list",
      inTextFields: true,
      run: preview.toggle,
    },
    {
      ...fromCatalogue("inbox.preview-side"),
      title: preview.side === "right" ? "Put the preview below the list" : "Put the preview beside the list",
      inTextFields: true,
      run: preview.move,
    },
    ...(closePreview
      ? [
          {
            // In the place of clearing a selection that is not there.
            ...fromCatalogue("select.clear"),
            title: "Close the preview",
            inPalette: false,
            run: closePreview,
          },
        ]
      : []),
    move("inbox.next", (list) => list.moveBy(1)),
    move("inbox.previous", (list) => list.moveBy(-1)),
    move("inbox.page-down", (list) => list.moveBy(list.pageRows)),
    move("inbox.page-up", (list) => list.moveBy(-list.pageRows)),
    move("inbox.half-down", (list) => list.moveByHalf(1)),
    move("inbox.half-up", (list) => list.moveByHalf(-1)),
    move("inbox.to-middle", (list) => list.scrollCursorTo("middle")),
    move("inbox.to-top", (list) => list.scrollCursorTo("top")),
    move("inbox.to-bottom", (list) => list.scrollCursorTo("bottom")),
    move("inbox.first", (list) => list.moveToRow(0)),
    move("inbox.last", (list) =>
      whole.run("go to the last row", () => list.moveToRow(Number.MAX_SAFE_INTEGER)),
    ),
    move("inbox.start", (list) => {
      if (!list.moveToEndCell("first")) list.moveToRow(0);
    }),
    move("inbox.end", (list) => {
      if (list.moveToEndCell("last")) return;
      whole.run("go to the last row", () => list.moveToRow(Number.MAX_SAFE_INTEGER));
    }),
    move("inbox.cell-next", (list) => list.moveCell(1)),
    move("inbox.cell-previous", (list) => list.moveCell(-1)),
    {
      // In the place of opening the list itself once more.
      ...fromCatalogue("window.new"),
      title: "Open the issue in a new window",
      run: () => {
        const list = view();
        if (list) openAside(list.cursorIndex);
      },
    },
    move("inbox.open", (list) => {
      if (!list.toggleHere()) open(list.cursorIndex);
    }),
  ];
}
