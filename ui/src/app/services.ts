import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { WorkStore } from "@/features/bulk/work";
import { BundleMemory } from "@/features/bundle/bundleMemory";
import { DeviceWidths } from "@/features/inbox/columnWidths";
import { InboxMemory } from "@/features/inbox/inboxMemory";
import { DeviceColumns } from "@/features/inbox/listColumns";
import { listRows } from "@/features/inbox/rowExtras";
import { RowStore } from "@/features/inbox/rowStore";
import { UndoMemory } from "@/features/journal/undoMemory";
import { IssueSelection } from "@/features/selection/selection";
import { TriageMemory } from "@/features/triage-mode/runMemory";
import { ViewDrafts } from "@/features/views/drafts";
import type { Host } from "@/ipc";
import type { ActionId } from "@/keyboard/catalogue";
import { Keyboard } from "@/keyboard/keyboard";
import { createValueStore, type ValueStore } from "@/lib/valueStore";
import { Announcer } from "./announcer";
import { followStore } from "./storeSignal";
import { Toasts } from "./toasts";

/** What every screen may use. One set per window; a test makes its own around a fixture. */
export interface Services {
  host: Host;
  queries: QueryClient;
  keyboard: Keyboard;
  rows: RowStore;
  inbox: InboxMemory;
  /** What goes on around a bundle. */
  bundles: BundleMemory;
  announcer: Announcer;
  toasts: Toasts;
  /** Issues of the list that are selected. */
  selection: IssueSelection;
  /** Long changes and exports that are under way. */
  work: WorkStore;
  undo: UndoMemory;
  /** The run of triage mode; nothing while there is none. */
  triageRun: TriageMemory;
  /** Columns of lists without a view. */
  columns: DeviceColumns;
  /** Widths of columns, of each view and of the other lists. */
  columnWidths: DeviceWidths;
  /** Changed views that were not saved. */
  drafts: ViewDrafts;
  /** Latest store revision, updated at most twice a second. */
  revision: ValueStore<string>;
  /** Sentence at the end of the status bar. */
  hint: ValueStore<Hint>;
}

/** A sentence that may name the keys of actions, which `words` tells; null where one has none. */
export interface Hint {
  text: (words: (action: ActionId) => string | null) => string;
}

const FIRST_HINT: Hint = {
  text: (words) => {
    const help = words("help");
    return help === null
      ? "The keys of this screen are in the palette"
      : `Press ${help} for the keys of this screen`;
  },
};

/** Wires the services around a host. */
export function createServices(host: Host): Services {
  const announcer = new Announcer();
  return {
    host,
    queries: new QueryClient({
      defaultOptions: {
        // Answers come from a local store and change by its own signal, not by focus or by the network.
        queries: {
          networkMode: "always",
          refetchOnWindowFocus: false,
          refetchOnReconnect: false,
          retry: false,
        },
        mutations: { networkMode: "always", retry: false },
      },
    }),
    keyboard: new Keyboard(),
    rows: new RowStore((ids, question) => listRows(host, ids, question)),
    inbox: new InboxMemory(),
    bundles: new BundleMemory(),
    announcer,
    toasts: new Toasts((text) => announcer.say(text)),
    selection: new IssueSelection(),
    work: new WorkStore(host),
    undo: new UndoMemory(),
    triageRun: new TriageMemory(),
    columns: new DeviceColumns(),
    columnWidths: new DeviceWidths(),
    drafts: new ViewDrafts(),
    revision: followStore(host),
    hint: createValueStore(FIRST_HINT),
  };
}

export const ServicesContext = createContext<Services | null>(null);

/** The services of this window. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("useServices outside of ServicesContext");
  return services;
}
