import type { Host } from "@/ipc";
import { throttle } from "@/lib/throttle";
import { createValueStore, type ValueStore } from "@/lib/valueStore";

/** Least time between two reactions to a changing store. */
const REACTION_MS = 500;

/**
 * The store's revision, thinned out: the shell may report four changes a second, and nothing on screen is worth
 * redrawing more often than twice.
 */
export function followStore(host: Host): ValueStore<string> {
  const revision = createValueStore("");
  let latest = "";
  const publish = throttle(() => revision.set(latest), REACTION_MS);
  host.onStoreChanged((next) => {
    latest = next;
    publish();
  });
  return revision;
}
