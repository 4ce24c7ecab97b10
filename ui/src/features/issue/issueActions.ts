import type { OccurrenceDetail, OccurrencePosition } from "@/ipc";
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
  const walk = (id: string, title: string, key: string, run: (() => void) | null, end: string): Action => ({
    id: `issue.${id}`,
    title,
    section: "Issue",
    keys: [key],
    unavailable: run ? null : end,
    run: run ?? (() => undefined),
  });
  const step = (
    id: string,
    title: string,
    key: string,
    to: OccurrencePosition | null,
    end: string,
  ): Action => ({
    id: `occurrence.${id}`,
    title,
    section: "Occurrence",
    keys: [key],
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
    { id: "issue.leave", title: "Back to the list", section: "Issue", keys: ["Escape"], run: queue.leave },
    walk("next", "Next issue of the list", "]", queue.next, "this is the last one"),
    walk("previous", "Previous issue of the list", "[", queue.previous, "this is the first one"),
    step("newer", "Newer occurrence", "n", newer, "this is the newest one"),
    step("older", "Older occurrence", "p", older, "this is the oldest one"),
    step("newest", "Newest occurrence", "Shift+n", newer && { kind: "newest" }, "this is the newest one"),
    step("oldest", "Oldest occurrence", "Shift+p", older && { kind: "oldest" }, "this is the oldest one"),
    {
      id: "event.find",
      title: "Find in the event",
      section: "Occurrence",
      keys: ["$mod+f", "[Shift]+/"],
      inTextFields: true,
      unavailable: occurrence?.event_json ? null : "there is no event body",
      run: find,
    },
    {
      id: "issue.activity",
      title: "Go to the activity",
      section: "Issue",
      keys: ["Shift+a"],
      run: showActivity,
    },
    { id: "issue.table", title: "Chart as table", section: "Issue", keys: ["t"], run: toggleTable },
  ];
}
