import { defaultStringifySearch } from "@tanstack/react-router";
import type { ViewDrafts } from "@/features/views/drafts";
import type { Host, SavedView } from "@/ipc";
import { type ListSearch, listSearch } from "./place";
import type { AppRouter } from "./router";

/** The search a view opens with: what it was changed to without saving, or else what it has saved. */
export const viewSearch = (view: SavedView, drafts: ViewDrafts): ListSearch =>
  listSearch({ ...drafts.of(view), view: view.id });

/** Where the view is that was chosen for the launch; null where none was, it is gone, or cannot be read. */
export async function startView(host: Host, drafts: ViewDrafts, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const views = await host.views().catch(() => []);
  const view = views.find((known) => known.id === id);
  return view ? listHref(viewSearch(view, drafts)) : null;
}

/** What is known soon; undefined where that takes longer than the first paint should wait. */
export const soon = <T>(answer: Promise<T>): Promise<T | undefined> =>
  Promise.race([answer, new Promise<undefined>((resolve) => setTimeout(resolve, WITHIN_MS))]);

/** How long the first paint waits, in milliseconds. */
const WITHIN_MS = 300;

/** The place of a list, written the way the router reads it: a query like `500` is quoted, or it were a number. */
export const listHref = (search: ListSearch): string => `/inbox${defaultStringifySearch({ ...search })}`;

/** Goes from where the router stands to the place that was not known soon, unless somebody leaves it before. */
export async function goLate(router: AppRouter, place: Promise<string | null>): Promise<void> {
  const { href } = router.state.location;
  const late = await place;
  if (late !== null && router.state.location.href === href) router.history.replace(late);
}
