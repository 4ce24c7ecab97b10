import type { Action } from "@/keyboard/keyboard";
import type { LetterAction } from "./useLetterActions";
import type { LetterList } from "./useLetterList";

interface LetterCommands {
  list: LetterList;
  pageRows: () => number;
  act: (action: LetterAction) => void;
  /** Why an action would do nothing now. */
  why: (action: LetterAction) => string | null;
  openDetail: () => void;
}

/** What can be done with dead letters, by key and by palette. */
export function letterKeys({ list, pageRows, act, why, openDetail }: LetterCommands): Action[] {
  const { cursor } = list;
  const move = (id: string, title: string, keys: string[], run: () => void): Action => ({
    id: `letters.${id}`,
    title,
    section: "Move",
    keys,
    inPalette: false,
    run,
  });
  const mark = (id: string, title: string, keys: string[], run: () => void): Action => ({
    id: `letters.${id}`,
    title,
    section: "Selection",
    keys,
    unavailable: list.rows.length === 0 ? "the list is empty" : null,
    run,
  });
  const change = (id: LetterAction, title: string, keys: string[]): Action => ({
    id: `letters.${id}`,
    title,
    section: "Dead letters",
    keys,
    unavailable: why(id),
    run: () => act(id),
  });
  return [
    change("replay", "Replay", ["r"]),
    change("discard", "Discard", ["[Shift]+#", "Delete"]),
    change("restore", "Restore", ["u"]),
    {
      id: "letters.apply",
      title: "Apply waiting updates",
      section: "Dead letters",
      keys: ["[Shift]+."],
      unavailable: list.waiting !== 0 ? null : "nothing is waiting",
      run: list.reread,
    },
    move("next", "Next row", ["j", "ArrowDown"], () => list.moveTo(cursor + 1)),
    move("previous", "Previous row", ["k", "ArrowUp"], () => list.moveTo(cursor - 1)),
    move("page-down", "A screen down", ["PageDown"], () => list.moveTo(cursor + pageRows())),
    move("page-up", "A screen up", ["PageUp"], () => list.moveTo(cursor - pageRows())),
    move("first", "First row", ["g g", "Home"], () => list.moveTo(0)),
    move("last", "Last row", ["Shift+g", "End"], () => list.moveTo(list.rows.length - 1)),
    move("open", "Go to the record", ["Enter"], openDetail),
    mark("toggle", "Select or unselect the row", ["x", "Shift+Space"], () => list.toggle(cursor)),
    mark("to-here", "Select up to here", ["Shift+x"], () => list.markTo(cursor)),
    mark("extend-down", "Extend the selection down", ["Shift+j", "Shift+ArrowDown"], () =>
      list.markTo(cursor + 1),
    ),
    mark("extend-up", "Extend the selection up", ["Shift+k", "Shift+ArrowUp"], () => list.markTo(cursor - 1)),
    mark("all", "Select all rows", ["$mod+a"], list.markAll),
    mark("clear", "Clear the selection", ["Escape"], list.clear),
  ];
}
