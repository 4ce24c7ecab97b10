import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { preferences, usePreferences } from "@/app/preferences";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { type ListColumn, USUAL_COLUMNS } from "@/features/inbox/listColumns";
import type { OwnStep } from "@/features/journal/undoSteps";
import type { RowDensity, SavedView, ViewCount, ViewIcon } from "@/ipc";
import { plural } from "@/lib/format";
import { useValue } from "@/lib/valueStore";
import { type Draft, differs, savedIn } from "./drafts";
import { freeName, type ViewParts, viewLink, viewText } from "./viewText";

/** Least time between two countings of the views. */
const COUNT_EVERY_MS = 2_000;

/** What the address of a list says. Its columns and the height of its rows are those of the view, or of its draft. */
type ShownSearch = Omit<Draft, "columns" | "density">;

/** What a view is called, and the sign in front of it. */
export interface ViewName {
  name: string;
  icon: ViewIcon | null;
}

interface ViewsOptions {
  shown: ShownSearch;
  /** View the search was opened by; nothing where it was not. */
  view: string | undefined;
  /** Opens a search, as a view or freely; done once it is on screen. */
  open: (search: ShownSearch & { view?: string }) => Promise<void>;
}

/** The saved views, the one that is open, and what can be done to them. */
export interface Views {
  /** Those with a tab, in order. */
  tabs: readonly SavedView[];
  columns: ViewColumns;
  density: ViewDensity;
  /** Those without. */
  others: readonly SavedView[];
  error: unknown;
  active: SavedView | null;
  /** Whether the open view shows something else than it has saved. */
  changed: boolean;
  hasDraft: (id: string) => boolean;
  /** Exact numbers of issues of a view; undefined until they are counted. */
  count: (id: string) => ViewCount | undefined;
  go: (view: SavedView) => void;
  /** Saves what is shown into the open view. */
  save: () => void;
  saveAs: (name: ViewName) => Promise<void>;
  rename: (view: SavedView, name: ViewName) => Promise<void>;
  revert: () => void;
  pin: (view: SavedView, pinned: boolean) => void;
  /** Whether the list of a view follows the feed when it is opened. */
  follow: (view: SavedView, on: boolean) => void;
  moveTo: (view: SavedView, place: number) => void;
  remove: (view: SavedView) => void;
  /** Puts views as text into the clipboard, a line each: these, or all. */
  copy: (views?: readonly SavedView[]) => void;
  /** Puts a link into the clipboard that another Picket imports. */
  copyLink: (view: SavedView) => void;
  /** Adds views behind the others. Those whose name is taken get another one. */
  take: (views: readonly ViewParts[]) => Promise<void>;
  reread: () => void;
}

/** The columns of the list on screen. */
export interface ViewColumns {
  shown: readonly ListColumn[];
  /** Whether they were chosen for this view, or for lists without one. */
  isOwn: boolean;
  /** Chooses them; null for those of other lists. Those of a view are a change of the view. */
  choose: (columns: readonly ListColumn[] | null) => void;
}

/** The height of the rows on screen. */
export interface ViewDensity {
  shown: RowDensity;
  /** Whether it was chosen for this view, or for lists without one. */
  isOwn: boolean;
  /** Chooses it; null for that of other lists. That of a view is a change of the view. */
  choose: (density: RowDensity | null) => void;
}

/** Wires the views of the inbox. */
export function useViews({ shown, view, open }: ViewsOptions): Views {
  const { host, drafts, columns: device, columnWidths, toasts, undo, selection } = useServices();
  const queries = useQueryClient();
  const answer = useQuery(asks.views(host));
  const kept = useValue(drafts.all);
  const all = answer.data ?? [];
  const tabs = all.filter(({ pinned }) => pinned);
  const chosen = useValue(device.chosen);
  const usual = usePreferences().density;
  const { q, sort, group } = shown;
  const active =
    all.find(({ id }) => id === view) ??
    (view === undefined
      ? all.find((known) => !differs(known, { ...shown, columns: known.columns, density: known.density }))
      : undefined) ??
    null;
  const draft = active ? kept.get(active.id) : undefined;
  const columns = active ? (draft ?? active).columns : chosen;
  const density = active ? (draft ?? active).density : null;
  const changed = active !== null && differs(active, { ...shown, columns, density });

  useEffect(() => {
    if (active) drafts.note(active, { q, sort, group, columns, density });
  }, [drafts, active, q, sort, group, columns, density]);
  useEffect(() => {
    // Columns that a view had on this device before views kept their own are a change of it.
    for (const known of answer.data ?? []) {
      const old = device.takeOf(known.id);
      if (old) drafts.note(known, { ...drafts.of(known), columns: old });
    }
  }, [answer.data, device, drafts]);

  const ids = tabs.map(({ id }) => id);
  const counts = useQuery({
    ...asks.viewCounts(host, ids),
    enabled: ids.length > 0,
    placeholderData: (before) => before,
  }).data;
  const recount = useCallback(() => {
    if (!document.hidden) void queries.invalidateQueries({ queryKey: ["view-counts"] });
  }, [queries]);
  useStoreChange(recount, COUNT_EVERY_MS);

  const reread = async () => {
    await queries.invalidateQueries({ queryKey: asks.views(host).queryKey });
    void queries.invalidateQueries({ queryKey: ["view-counts"] });
  };
  const put = async (wanted: SavedView): Promise<SavedView> => {
    const saved = await host.viewSave(wanted);
    await reread();
    return saved;
  };
  const remove = async (id: string) => {
    await host.viewDelete(id);
    drafts.forget(id);
    await reread();
  };
  /** A view as it is kept by now: between a step and its undo it may have been renamed or moved. */
  const latest = async (known: SavedView): Promise<SavedView> =>
    (await host.views()).find(({ id }) => id === known.id) ?? known;
  const shownParts = { query: q, sort, grouping: group, columns: columns && [...columns], density };
  const attempt = (what: string, work: () => Promise<unknown>) =>
    void work().catch((error: unknown) => toasts.failed(what, error, () => attempt(what, work)));

  /** Says what was done to a view, with the way back, which is the next that `Mod+Z` goes. */
  const tellDone = (title: string, step: OwnStep) => {
    selection.forgetCleared();
    const run = undo.steps.did(step);
    toasts.done(title, { action: { label: "Undo", action: "undo", run } });
  };

  const saveAs = async (named: ViewName) => {
    const saved = await put({
      id: "",
      ...named,
      ...shownParts,
      follow: false,
      position: tabs.length,
      pinned: true,
    });
    columnWidths.begin(saved.id, active?.id);
    await open({ q, sort, group, view: saved.id });
    // What was changed belongs to the new view now. While the old one was open, it would have been noted again.
    if (active) drafts.forget(active.id);
    toasts.done(`Saved the view “${saved.name}”`);
  };

  return {
    tabs,
    columns: {
      shown: columns ?? chosen ?? USUAL_COLUMNS,
      isOwn: columns !== null,
      choose: (next) => {
        if (active) drafts.note(active, { q, sort, group, columns: next, density });
        else device.choose(next);
      },
    },
    density: {
      shown: density ?? usual,
      isOwn: density !== null,
      choose: (next) => {
        if (active) drafts.note(active, { q, sort, group, columns, density: next });
        else if (next !== null) preferences.change({ density: next });
      },
    },
    others: all.filter(({ pinned }) => !pinned),
    error: answer.error,
    active,
    changed,
    hasDraft: (id) => (id === active?.id ? changed : kept.has(id)),
    count: (id) => counts?.find((count) => count.id === id),
    go: (target) => void open({ ...drafts.of(target), view: target.id }),
    save: () => {
      if (!active || !changed) return;
      attempt(`The view “${active.name}” could not be saved`, async () => {
        const { query, sort, grouping, columns, density } = active;
        const parts = { query, sort, grouping, columns, density };
        await put({ ...active, ...shownParts });
        drafts.forget(active.id);
        tellDone(`Saved the view “${active.name}”`, {
          undo: () =>
            attempt("The view could not be put back", async () => {
              await put({ ...(await latest(active)), ...parts });
              toasts.note(`The view “${active.name}” is as it was saved before`);
            }),
          redo: () =>
            attempt(`The view “${active.name}” could not be saved`, async () => {
              await put({ ...(await latest(active)), ...shownParts });
              toasts.note(`Saved the view “${active.name}” again`);
            }),
        });
      });
    },
    saveAs,
    rename: async (target, named) => void (await put({ ...target, ...named })),
    revert: () => {
      if (!active) return;
      drafts.forget(active.id);
      void open({ ...savedIn(active), view: active.id });
    },
    pin: (target, pinned) =>
      attempt(`The view “${target.name}” could not be changed`, () => put({ ...target, pinned })),
    follow: (target, follow) =>
      attempt(`The view “${target.name}” could not be changed`, () => put({ ...target, follow })),
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
        const startsWith = preferences.get().startView === target.id;
        await remove(target.id);
        if (startsWith) preferences.change({ startView: null });
        // What it showed stays on screen, as a search of its own.
        if (target.id === active?.id) await open({ q, sort, group });
        let there = target;
        tellDone(`Deleted the view “${target.name}”`, {
          undo: () =>
            attempt(`The view “${target.name}” could not be brought back`, async () => {
              const views = await host.views();
              // A view that was saved since may have its id or its name.
              const id = views.some((known) => known.id === target.id) ? "" : target.id;
              const name = freeName(target.name, new Set(views.map((known) => known.name)));
              there = await put({ ...target, id, name });
              if (draft) drafts.note(there, draft);
              if (startsWith) preferences.change({ startView: there.id });
              toasts.note(`The view “${there.name}” is back`);
            }),
          redo: () =>
            attempt(`The view “${target.name}” could not be deleted`, async () => {
              await remove(there.id);
              if (startsWith) preferences.change({ startView: null });
              toasts.note(`Deleted the view “${target.name}” again`);
            }),
        });
      }),
    copy: (wanted = all) =>
      attempt("The views could not be copied", async () => {
        await navigator.clipboard.writeText(viewText(wanted));
        toasts.done(
          wanted.length === 1 ? `Copied “${wanted[0]?.name}”` : `Copied ${plural(wanted.length, "view")}`,
        );
      }),
    copyLink: (target) =>
      attempt("The link could not be copied", async () => {
        await navigator.clipboard.writeText(viewLink(target));
        toasts.done(`Copied a link to “${target.name}”`);
      }),
    take: async (wanted) => {
      const names = new Set(all.map(({ name }) => name));
      let position = all.length;
      try {
        for (const parts of wanted) {
          const name = freeName(parts.name, names);
          const { id } = await host.viewSave({ ...parts, id: "", name, position });
          columnWidths.begin(id);
          names.add(name);
          position += 1;
        }
      } finally {
        // Also where one of them failed: those before it are there.
        await reread();
      }
      toasts.done(`Imported ${plural(wanted.length, "view")}`);
    },
    reread: () => void reread(),
  };
}
