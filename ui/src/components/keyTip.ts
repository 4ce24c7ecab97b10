import { createValueStore } from "@/lib/valueStore";

/** A text about an element that the keyboard is at without focusing it, such as a cell of a list. */
export interface KeyTip {
  element: Element;
  text: string;
}

/** The text that is shown for the keyboard now. */
export const keyTip = createValueStore<KeyTip | null>(null);
