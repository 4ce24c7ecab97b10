import { defaultStringifySearch } from "@tanstack/react-router";
import type { ViewDrafts } from "@/features/views/drafts";
import type { Host, SavedView } from "@/ipc";
import { type ListSearch, listSearch } from "./place";

/** The search a view opens with: what it was changed to without saving, or else what it has saved. */
export const viewSearch = (view: SavedView, drafts: ViewDrafts): ListSearch =>
  listSearch({ ...drafts.of(view), view: view.id });

/** Where the view is that was chosen for the launch; null where none was, it is gone, or cannot be read now. */
export async function startView(host: Host, drafts: ViewDrafts, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const views = await host.views().catch(() => []);
  const view = views.find((known) => known.id === id);
  return view ? listHref(viewSearch(view, drafts)) : null;
}

/** The place of a list, written the way the router reads it: a query like `500` is quoted, or it were a number. */
export const listHref = (search: ListSearch): string => `/inbox${defaultStringifySearch({ ...search })}`;
