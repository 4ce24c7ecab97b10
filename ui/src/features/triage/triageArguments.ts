import { PRIORITIES, priorityMark } from "@/components/priorities";
import type { Host, IssueChange, IssueRow, People } from "@/ipc";
import type { Argument, ArgumentChoice } from "@/keyboard/arguments";
import { formatMoment, plural } from "@/lib/format";
import { type ArchiveUntil, readSnooze, SNOOZE_CHOICES, SNOOZE_DEFAULTS } from "./snoozeModel";

/** What holds for all issues an action would hit; undefined where they differ or are not all known. */
export type Common = <T>(read: (row: IssueRow) => T) => T | undefined;

type Run = (change: IssueChange) => void;

/** Whom issues can be given to: oneself first, then users, teams and nobody. */
export function assignArgument(people: People | undefined, common: Common, run: Run): Argument {
  const current = common((row) => row.assignee);
  const choice = (assignee: string | null, title: string, note: string): ArgumentChoice => ({
    id: assignee ?? "nobody",
    title,
    note,
    unavailable:
      current === assignee ? (assignee === null ? "nobody has it" : `${title} has it already`) : null,
    run: () => run({ kind: "assign", assignee }),
  });
  const users = [...(people?.users ?? [])].sort(
    (a, b) => Number(b.id === people?.me) - Number(a.id === people?.me),
  );
  return {
    label: "To whom",
    placeholder: "Name, mail or team",
    none: "Nobody is known yet: users and teams come with the settings of this store.",
    choices: people
      ? [
          ...users.map(({ id, username, email }) =>
            choice(`user:${id}`, username, id === people.me ? "you" : (email ?? "user")),
          ),
          ...people.teams.map(({ id, slug }) => choice(`team:${id}`, `#${slug}`, "team")),
          choice(null, "Nobody", "unassign"),
        ]
      : [],
  };
}

/** Which priority issues can get. */
export function priorityArgument(common: Common, run: Run): Argument {
  const current = common((row) => row.priority);
  return {
    label: "Which",
    placeholder: "High, medium or low",
    none: "",
    choices: PRIORITIES.map((priority) => ({
      id: priority,
      title: priorityMark(priority).label,
      unavailable: priority === current ? "it is so already" : null,
      run: () => run({ kind: "set_priority", priority }),
    })),
  };
}

const COUNTS = [1, 10, 100, 1_000];
const CONDITION: Pick<
  ArchiveUntil,
  "minutes" | "count" | "window_minutes" | "user_count" | "user_window_minutes"
> = { minutes: null, count: null, window_minutes: null, user_count: null, user_window_minutes: null };

/** Until so many of something: those that are offered, or any whole number that is typed. */
function countArgument(label: string, noun: string, field: "count" | "user_count", run: Run): Argument {
  const choice = (count: number): ArgumentChoice => ({
    id: String(count),
    title: plural(count, `more ${noun}`),
    run: () => run({ kind: "archive_until", ...CONDITION, [field]: count }),
  });
  const typed = (text: string) => {
    const form = {
      ...SNOOZE_DEFAULTS,
      count: text,
      users: text,
      choice: field === "count" ? "times" : "users",
    } as const;
    const { change } = readSnooze(form, Date.now());
    return change === null ? null : choice(Number(text));
  };
  return { label, placeholder: "A whole number from 1 on", none: "", choices: COUNTS.map(choice), typed };
}

/** Until when issues are archived. What is rarer has a dialog of its own, which `open` shows. */
export function snoozeArgument(run: Run, open: () => void): Argument {
  const now = Date.now();
  const fixed = SNOOZE_CHOICES.flatMap(({ value, label, end }): ArgumentChoice[] => {
    const { change } = readSnooze({ ...SNOOZE_DEFAULTS, choice: value }, now);
    if (end === undefined || change === null) return [];
    return [
      { id: value, title: label, note: `until ${formatMoment(end(now), now)}`, run: () => run(change) },
    ];
  });
  return {
    label: "Until what",
    placeholder: "A time, a number of events or of users",
    none: "",
    choices: [
      ...fixed,
      {
        id: "escalating",
        title: "Until it escalates",
        note: "happens much more often than forecast",
        run: () => run({ kind: "archive_until_escalating" }),
      },
      {
        id: "times",
        title: "Until it is seen so many times",
        next: countArgument("How many times", "event", "count", run),
      },
      {
        id: "users",
        title: "Until it affects so many users",
        next: countArgument("How many users", "user", "user_count", run),
      },
      { id: "forever", title: "Forever", run: () => run({ kind: "archive_forever" }) },
      { id: "custom", title: "Something else…", note: "a window, or several conditions", run: open },
    ],
  };
}

/** In which release issues can be resolved; `project` is asked for when the step begins. */
export function releaseArgument(host: Host, project: () => Promise<string | null>, run: Run): Argument {
  return {
    label: "In which",
    placeholder: "A release",
    none: "There are no releases to choose from, or the issues are of several projects.",
    choices: async () => {
      const of = await project();
      const releases = of === null ? [] : await host.projectReleases(of);
      if (releases.length === 0) return [];
      return [
        {
          id: "next",
          title: "The next release",
          note: "whatever it is called",
          run: () => run({ kind: "resolve_in_next_release" }),
        },
        ...releases.map(
          (release, at): ArgumentChoice => ({
            id: `release ${release}`,
            title: release,
            ...(at === 0 ? { note: "newest" } : {}),
            run: () => run({ kind: "resolve_in_release", release }),
          }),
        ),
      ];
    },
  };
}
