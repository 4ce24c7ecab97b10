import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import type { RowCursor } from "./rowCursor";

interface RowWords {
  /** What Enter does with a row. */
  open: string;
  /** Where the way back leads, where that is not to the row alone. */
  back?: string;
}

/** The keys that walk the rows of a grid. */
export function rowKeys(cursor: RowCursor, { open, back }: RowWords): Action[] {
  const move = (id: ActionId, run: () => void): Action => ({ ...fromCatalogue(id), inPalette: false, run });
  return [
    move("rows.next", () => cursor.step(1)),
    move("rows.previous", () => cursor.step(-1)),
    move("rows.page-down", () => cursor.page(1)),
    move("rows.page-up", () => cursor.page(-1)),
    move("rows.half-down", () => cursor.page(1, 0.5)),
    move("rows.half-up", () => cursor.page(-1, 0.5)),
    move("rows.first", () => cursor.first()),
    move("rows.last", () => cursor.last()),
    move("rows.start", () => cursor.edge("first")),
    move("rows.end", () => cursor.edge("last")),
    move("rows.cell-next", () => cursor.cell(1)),
    { ...move("rows.cell-previous", () => cursor.cell(-1)), ...(back === undefined ? {} : { title: back }) },
    { ...move("rows.open", () => cursor.open()), title: open },
  ];
}
