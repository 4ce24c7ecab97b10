import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePeople } from "@/app/people";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { PRIORITIES } from "@/components/priorities";
import type { IssueChange } from "@/ipc";
import type { Argument } from "@/keyboard/arguments";
import type { Action } from "@/keyboard/keyboard";
import { formatCount } from "@/lib/format";
import { common, type Subject } from "./subject";
import {
  assignArgument,
  type Common,
  priorityArgument,
  releaseArgument,
  snoozeArgument,
} from "./triageArguments";
import { type ChangeListener, useIssueChange } from "./useIssueChange";

/** Up to so many issues are changed without a question. */
export const WITHOUT_ASKING = 1_000;

/** What can be chosen before a change. */
export type ChooserKind =
  | "assign"
  | "priority"
  | "snooze"
  | "release"
  | "labels"
  | "note"
  | "merge"
  | "delete";

/** A chooser that is open, and the issues it is open for. */
export interface Chooser {
  kind: ChooserKind;
  subject: Subject;
}

/** A change of many issues that waits for a yes. */
export interface Pending {
  subject: Subject;
  change: IssueChange;
}

interface TriageOptions {
  /** The issues that an action would hit now; null where there are none. */
  subject: () => Subject | null;
  /** The issues if they are known while drawing, so that what makes no sense can say so. */
  known?: Subject;
  /** In the list `p` chooses the priority; on an issue it is the previous occurrence. */
  scope: "list" | "issue";
  onChanged?: ChangeListener;
}

/** Everything that can be done to issues, for keys, palette and buttons alike. */
export interface Triage {
  actions: Action[];
  chooser: Chooser | null;
  open: (kind: ChooserKind) => void;
  close: () => void;
  /** Changes the issues and says what it did, or why it could not. Many wait for {@link Triage.confirm}. */
  run: (change: IssueChange) => void;
  /** Changes the issues a chooser is open for. Rejects where that fails; of many it does not wait for the end. */
  apply: (change: IssueChange) => Promise<void>;
  /** What waits for a yes. */
  pending: Pending | null;
  confirm: () => void;
  dismiss: () => void;
  /** Why nothing can be changed now. */
  blocked: string | null;
}

/** Wires the changes of issues. */
export function useTriage({ subject, known, scope, onChanged }: TriageOptions): Triage {
  const { host } = useServices();
  const people = usePeople();
  const { attempt, run: change } = useIssueChange(onChanged);
  const [chooser, setChooser] = useState<Chooser | null>(null);
  const [pending, setPending] = useState<Pending | null>(null);
  const readOnly = useQuery(asks.appInfo(host)).data?.read_only ?? null;
  const blocked = readOnly ? "the store can only be read" : null;

  const open = (kind: ChooserKind) => {
    const found = subject();
    if (found && !blocked) setChooser({ kind, subject: found });
  };
  const run = (wanted: IssueChange) => {
    const found = subject();
    if (!found || blocked) return;
    if (found.count > WITHOUT_ASKING) setPending({ subject: found, change: wanted });
    else void change(found, wanted);
  };
  const apply = async (wanted: IssueChange) => {
    if (!chooser) return;
    if (chooser.subject.count <= WITHOUT_ASKING) await attempt(chooser.subject, wanted);
    // A long one goes on in the bar below the list, where it can be watched and stopped, and says there how it ended.
    else void change(chooser.subject, wanted);
  };
  const confirm = () => {
    setPending(null);
    if (pending) void change(pending.subject, pending.change);
  };
  const toggle = (kind: "set_bookmark" | "set_seen") => {
    const found = subject();
    if (!found) return;
    const on = common(found, (row) => (kind === "set_bookmark" ? row.is_bookmarked : row.has_seen));
    run({ kind, on: on !== true });
  };

  const many = known !== undefined && known.count > 1 ? ` · ${formatCount(known.count)} selected` : "";
  const unless = (condition: boolean, reason: string) => blocked ?? (condition ? reason : null);
  const all: Common = (read) => common(known, read);
  const projectOf = async (): Promise<string | null> => {
    const found = subject();
    if (!found) return null;
    const known = common(found, (row) => row.project);
    if (known !== undefined) return known;
    const { by_project } = await host.selectionSummary(found.selection);
    return by_project.length === 1 ? (by_project[0]?.project ?? null) : null;
  };
  const entry = (
    id: string,
    title: string,
    keys: readonly string[],
    go: () => void,
    unavailable = blocked,
    argument?: Argument,
  ): Action => ({
    id: `triage.${id}`,
    title: title + many,
    section: "Triage",
    keys,
    unavailable,
    ...(argument ? { argument } : {}),
    run: go,
  });
  const act = (
    id: string,
    title: string,
    keys: readonly string[],
    wanted: IssueChange,
    unavailable = blocked,
  ): Action => entry(id, title, keys, () => run(wanted), unavailable);
  const choose = (
    id: ChooserKind,
    title: string,
    keys: readonly string[],
    argument?: Argument,
    unavailable = blocked,
  ): Action => entry(id, title, keys, () => open(id), unavailable, argument);

  const actions: Action[] = [
    act("resolve", "Resolve", ["e"], { kind: "resolve" }),
    choose("release", "Resolve in a release…", ["Shift+e"], releaseArgument(host, projectOf, run)),
    act("next-release", "Resolve in the next release", [], { kind: "resolve_in_next_release" }),
    act("archive", "Archive until escalating", ["i"], { kind: "archive_until_escalating" }),
    act("forever", "Archive forever", ["Shift+i"], { kind: "archive_forever" }),
    choose(
      "snooze",
      "Archive until…",
      ["h"],
      snoozeArgument(run, () => open("snooze")),
    ),
    act(
      "unresolve",
      "Unresolve",
      ["o o"],
      { kind: "unresolve" },
      unless(all((row) => row.status) === "unresolved", many ? "they are unresolved" : "it is unresolved"),
    ),
    choose("assign", "Assign…", ["a"], assignArgument(people, all, run)),
    ...(people?.me
      ? [act("assign-me", "Assign to me", [], { kind: "assign", assignee: `user:${people.me}` })]
      : []),
    choose("priority", "Set priority…", scope === "list" ? ["p"] : [], priorityArgument(all, run)),
    ...(scope === "issue"
      ? PRIORITIES.map((priority, at) =>
          act(`priority-${priority}`, `Priority: ${priority}`, [`Shift+Digit${at + 1}`], {
            kind: "set_priority",
            priority,
          }),
        )
      : []),
    choose("labels", "Labels…", ["l"]),
    choose("note", "Write a note…", ["c"]),
    act(
      "reviewed",
      "Mark as reviewed",
      ["Shift+r"],
      { kind: "mark_reviewed" },
      unless(all((row) => row.inbox_reason === null) === true, "it does not wait for review"),
    ),
    act(
      "ask-review",
      "Ask for a review",
      [],
      { kind: "add_to_inbox" },
      unless(all((row) => row.inbox_reason !== null) === true, "it waits for review"),
    ),
    entry("bookmark", "Bookmark, or take the bookmark off", ["Shift+b"], () => toggle("set_bookmark")),
    entry("seen", "Mark as seen or not seen", ["r"], () => toggle("set_seen")),
    ...(scope === "list"
      ? [
          choose(
            "merge",
            "Merge…",
            ["Shift+m"],
            undefined,
            unless((known?.count ?? 0) < 2, "select the issues to merge with x"),
          ),
        ]
      : []),
    choose("delete", "Delete…", ["[Shift]+#", "Delete"]),
  ];

  return {
    actions,
    chooser,
    open,
    close: () => setChooser(null),
    run,
    apply,
    pending,
    confirm,
    dismiss: () => setPending(null),
    blocked,
  };
}
