import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import type { SavedView } from "@/ipc";
import { useValue } from "@/lib/valueStore";
import { type Draft, differs } from "./drafts";

/** Least time between two countings of the views. */
const COUNT_EVERY_MS = 2_000;

interface ViewsOptions {
  shown: Draft;
  /** View the search was opened by; nothing where it was not. */
  view: string | undefined;
  /** Opens a search, as a view or freely. */
  open: (search: Draft & { view?: string }) => void;
}

/** The saved views, the one that is open, and what can be done to them. */
export interface Views {
  /** Those with a tab, in order. */
  tabs: readonly SavedView[];
  /** Those without. */
  others: readonly SavedView[];
  error: unknown;
  active: SavedView | null;
  /** Whether the open view shows something else than it has saved. */
  changed: boolean;
  hasDraft: (id: string) => boolean;
  /** Exact number of issues of a view; undefined until it is counted, null where its search cannot be run. */
  count: (id: string) => number | null | undefined;
  go: (view: SavedView) => void;
  /** Saves what is shown into the open view. */
  save: () => void;
  saveAs: (name: string) => Promise<void>;
  rename: (view: SavedView, name: string) => Promise<void>;
  revert: () => void;
  pin: (view: SavedView, pinned: boolean) => void;
  moveTo: (view: SavedView, place: number) => void;
  remove: (view: SavedView) => void;
  reread: () => void;
}

/** What a view has saved. */
const savedIn = ({ query, sort, grouping }: SavedView): Draft => ({ q: query, sort, group: grouping });

/** Wires the views of the inbox. */
export function useViews({ shown, view, open }: ViewsOptions): Views {
  const { host, drafts, toasts } = useServices();
  const queries = useQueryClient();
  const answer = useQuery(asks.views(host));
  const kept = useValue(drafts.all);
  const all = answer.data ?? [];
  const tabs = all.filter(({ pinned }) => pinned);
  const active =
    all.find(({ id }) => id === view) ??
    (view === undefined ? all.find((known) => !differs(known, shown)) : undefined) ??
    null;
  const changed = active !== null && differs(active, shown);

  const { q, sort, group } = shown;
  useEffect(() => {
    if (active) drafts.note(active, { q, sort, group });
  }, [drafts, active, q, sort, group]);

  const ids = tabs.map(({ id }) => id);
  const counts = useQuery({
    ...asks.viewCounts(host, ids),
    enabled: ids.length > 0,
    placeholderData: (before) => before,
  }).data;
  const counted = useRef(0);
  const recount = useCallback(() => {
    const now = performance.now();
    if (document.hidden || now - counted.current < COUNT_EVERY_MS) return;
    counted.current = now;
    void queries.invalidateQueries({ queryKey: ["view-counts"] });
  }, [queries]);
  useStoreChange(recount);

  const reread = async () => {
    await queries.invalidateQueries({ queryKey: asks.views(host).queryKey });
    void queries.invalidateQueries({ queryKey: ["view-counts"] });
  };
  const put = async (wanted: SavedView): Promise<SavedView> => {
    const saved = await host.viewSave(wanted);
    await reread();
    return saved;
  };
  const attempt = (what: string, work: () => Promise<unknown>) =>
    void work().catch((error: unknown) => toasts.failed(what, error, () => attempt(what, work)));

  const saveAs = async (name: string) => {
    const search = { query: q, sort, grouping: group };
    const saved = await put({ id: "", name, ...search, position: tabs.length, pinned: true });
    // What was changed belongs to the new view now.
    if (active) drafts.forget(active.id);
    open({ q, sort, group, view: saved.id });
    toasts.done(`Saved the view “${saved.name}”`);
  };

  return {
    tabs,
    others: all.filter(({ pinned }) => !pinned),
    error: answer.error,
    active,
    changed,
    hasDraft: (id) => (id === active?.id ? changed : kept.has(id)),
    count: (id) => counts?.find((count) => count.id === id)?.total,
    go: (target) => open({ ...(kept.get(target.id) ?? savedIn(target)), view: target.id }),
    save: () => {
      if (!active || !changed) return;
      attempt(`The view “${active.name}” could not be saved`, async () => {
        await put({ ...active, query: q, sort, grouping: group });
        drafts.forget(active.id);
        toasts.done(`Saved the view “${active.name}”`, {
          action: { label: "Undo", run: () => attempt("The view could not be put back", () => put(active)) },
        });
      });
    },
    saveAs,
    rename: async (target, name) => void (await put({ ...target, name })),
    revert: () => {
      if (!active) return;
      drafts.forget(active.id);
      open({ ...savedIn(active), view: active.id });
    },
    pin: (target, pinned) =>
      attempt(`The view “${target.name}” could not be changed`, () => put({ ...target, pinned })),
    moveTo: (target, place) => {
      const rest = tabs.filter(({ id }) => id !== target.id);
      const at = Math.min(Math.max(0, place), rest.length);
      const order = [...rest.slice(0, at), target, ...rest.slice(at)].map(({ id }) => id);
      attempt("The tabs could not be moved", async () => {
        queries.setQueryData(asks.views(host).queryKey, await host.viewsReorder(order));
      });
    },
    remove: (target) =>
      attempt(`The view “${target.name}” could not be deleted`, async () => {
        const draft = kept.get(target.id);
        await host.viewDelete(target.id);
        drafts.forget(target.id);
        await reread();
        // What it showed stays on screen, as a search of its own.
        if (target.id === active?.id) open({ q, sort, group });
        toasts.done(`Deleted the view “${target.name}”`, {
          action: {
            label: "Undo",
            run: () =>
              attempt(`The view “${target.name}” could not be brought back`, async () => {
                const back = await put(target);
                if (draft) drafts.note(back, draft);
              }),
          },
        });
      }),
    reread: () => void reread(),
  };
}
