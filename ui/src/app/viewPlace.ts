import { defaultStringifySearch } from "@tanstack/react-router";
import type { ViewDrafts } from "@/features/views/drafts";
import type { Host, SavedView } from "@/ipc";
import { type ListSearch, listSearch } from "./place";

/** The search a view opens with: what it was changed to without saving, or else what it has saved. */
export const viewSearch = (view: SavedView, drafts: ViewDrafts): ListSearch =>
  listSearch({ ...drafts.of(view), view: view.id });

/** How long the first paint waits for the views, in milliseconds. */
const WITHIN_MS = 300;

/** Where the view is that was chosen for the launch; null where none was, it is gone, or cannot be read at once. */
export async function startView(host: Host, drafts: ViewDrafts, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const late = new Promise<SavedView[]>((resolve) => setTimeout(() => resolve([]), WITHIN_MS));
  const views = await Promise.race([host.views().catch(() => []), late]);
  const view = views.find((known) => known.id === id);
  return view ? listHref(viewSearch(view, drafts)) : null;
}

/** The place of a list, written the way the router reads it: a query like `500` is quoted, or it were a number. */
export const listHref = (search: ListSearch): string => `/inbox${defaultStringifySearch({ ...search })}`;
