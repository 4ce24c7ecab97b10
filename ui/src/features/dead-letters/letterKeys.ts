import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { halfOf } from "@/lib/rowGeometry";
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
  const move = (id: ActionId, run: () => void): Action => ({
    ...fromCatalogue(id),
    inPalette: false,
    run,
  });
  const mark = (id: ActionId, run: () => void): Action => ({
    ...fromCatalogue(id),
    unavailable: list.rows.length === 0 ? "the list is empty" : null,
    run,
  });
  const change = (id: LetterAction): Action => ({
    ...fromCatalogue(`letters.${id}`),
    unavailable: why(id),
    run: () => act(id),
  });
  return [
    change("replay"),
    change("discard"),
    change("restore"),
    {
      ...fromCatalogue("letters.apply"),
      unavailable: list.waiting !== 0 ? null : "nothing is waiting",
      run: list.reread,
    },
    move("letters.next", () => list.moveTo(cursor + 1)),
    move("letters.previous", () => list.moveTo(cursor - 1)),
    move("letters.page-down", () => list.moveTo(cursor + pageRows())),
    move("letters.page-up", () => list.moveTo(cursor - pageRows())),
    move("letters.half-down", () => list.moveTo(cursor + halfOf(pageRows()))),
    move("letters.half-up", () => list.moveTo(cursor - halfOf(pageRows()))),
    move("letters.first", () => list.moveTo(0)),
    move("letters.last", () => list.moveTo(list.rows.length - 1)),
    move("letters.open", openDetail),
    mark("letters.toggle", () => list.toggle(cursor)),
    mark("letters.to-here", () => list.markTo(cursor)),
    mark("letters.extend-down", () => list.markTo(cursor + 1)),
    mark("letters.extend-up", () => list.markTo(cursor - 1)),
    mark("letters.all", list.markAll),
    mark("letters.clear", list.clear),
  ];
}
