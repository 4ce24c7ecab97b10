import type { ListSearch } from "@/app/place";
import { createValueStore } from "@/lib/valueStore";

/** What the window remembers around a bundle. */
export class BundleMemory {
  /** The name of the file that is being read; null while none is. */
  readonly reading = createValueStore<string | null>(null);
  /** Where the user was among their own issues when a bundle was opened. */
  before: { href: string; search: ListSearch } | null = null;
  /** The opening whose place is on screen; 0 for the user's own store, null before anything is known. */
  shown: number | null = null;
}
