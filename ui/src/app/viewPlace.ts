import type { Host, SavedView } from "@/ipc";
import { listSearch } from "./place";

/** Where the view is that was chosen for the launch; null where none was, it is gone, or cannot be read now. */
export async function startView(host: Host, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const views = await host.views().catch(() => []);
  const view = views.find((known) => known.id === id);
  if (!view) return null;
  return viewHref(view, id);
}

/** The place of a view's search; with its id, of the view itself. */
export function viewHref(
  { query: q, sort, grouping: group }: Pick<SavedView, "query" | "sort" | "grouping">,
  id?: string,
): string {
  return `/inbox?${new URLSearchParams(Object.entries(listSearch({ q, sort, group, view: id })))}`;
}
