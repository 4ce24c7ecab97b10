import type { OccurrenceDetail, OccurrencePosition } from "@/ipc";
import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import type { Queue } from "./useQueue";

interface IssueCommands {
  queue: Queue;
  occurrence: OccurrenceDetail | undefined;
  goTo: (position: OccurrencePosition) => Promise<void>;
  find: () => void;
  toggleTable: () => void;
  showActivity: () => void;
}

/** What can be done on an issue. */
export function useIssueActions(commands: IssueCommands): Action[] {
  const { queue, occurrence, goTo, find, toggleTable, showActivity } = commands;
  const walk = (id: ActionId, run: (() => void) | null, end: string): Action => ({
    ...fromCatalogue(id),
    unavailable: run ? null : end,
    run: run ?? (() => undefined),
  });
  const step = (id: ActionId, to: OccurrencePosition | null, end: string): Action => ({
    ...fromCatalogue(id),
    unavailable: to ? null : end,
    run: () => {
      if (to) void goTo(to);
    },
  });
  const exact = (id: string | null | undefined): OccurrencePosition | null =>
    id ? { kind: "exact", id } : null;
  const newer = exact(occurrence?.newer);
  const older = exact(occurrence?.older);
  return [
    { ...fromCatalogue("issue.leave"), run: queue.leave },
    walk("issue.next", queue.next, "this is the last one"),
    walk("issue.previous", queue.previous, "this is the first one"),
    step("occurrence.newer", newer, "this is the newest one"),
    step("occurrence.older", older, "this is the oldest one"),
    step("occurrence.newest", newer && { kind: "newest" }, "this is the newest one"),
    step("occurrence.oldest", older && { kind: "oldest" }, "this is the oldest one"),
    {
      ...fromCatalogue("event.find"),
      inTextFields: true,
      unavailable: occurrence?.event_json ? null : "there is no event body",
      run: find,
    },
    {
      ...fromCatalogue("issue.activity"),
      run: showActivity,
    },
    { ...fromCatalogue("issue.table"), run: toggleTable },
  ];
}
