import { useServices } from "@/app/services";
import type { ShownList } from "@/features/inbox/inboxMemory";
import type { IssueListView } from "@/features/inbox/issueListView";
import type { WhenWhole } from "@/features/inbox/useWhenWhole";
import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useValue } from "@/lib/valueStore";

interface SelectionCommands {
  view: () => IssueListView | null;
  shown: ShownList | null;
  whole: WhenWhole;
}

/** Selecting by key. What the pointer can pick, these can, too. */
export function useSelectionActions({ view, shown, whole }: SelectionCommands): Action[] {
  const { selection } = useServices();
  const nothing = useValue(selection.picked).kind === "none";
  const empty = shown === null || shown.snapshot.total === 0 ? "the list is empty" : null;
  const ids = shown?.snapshot.ids ?? [];
  const at = () => view()?.cursorIndex ?? -1;
  const toggle = () => {
    const group = view()?.cursorGroup;
    if (group) selection.togglePart(ids, group.start, group.end);
    const id = ids[at()];
    if (id !== undefined) selection.toggle(id);
  };
  const extend = (step: 1 | -1) => () => {
    const list = view();
    if (!list) return;
    const from = list.cursorIndex;
    list.moveBy(step);
    // The header of a group on the way is no issue.
    if (list.cursorGroup) list.moveBy(step);
    if (from >= 0 && list.cursorIndex >= 0) selection.extend(ids, from, list.cursorIndex);
  };
  const action = (id: ActionId, run: () => void, more: Partial<Action> = {}): Action => ({
    ...fromCatalogue(id),
    run,
    unavailable: empty,
    ...more,
  });
  return [
    action("select.toggle", toggle),
    action("select.range", () => selection.rangeTo(ids, at())),
    action("select.down", extend(1), {
      inPalette: false,
    }),
    action("select.up", extend(-1), { inPalette: false }),
    action("select.all", () => {
      whole.run("select all", (list) => selection.all(list, Date.now()));
    }),
    action("select.invert", () => {
      whole.run("invert the selection", (list) => selection.invert(list, Date.now()));
    }),
    // One level up at a time: first what waits is called off. Where nothing is selected either, Escape is left to
    // whoever else has a use for it.
    ...(whole.waiting !== null
      ? [action("select.clear", whole.forget, { title: `Do not ${whole.waiting}` })]
      : nothing
        ? []
        : [action("select.clear", () => selection.clear())]),
  ];
}
