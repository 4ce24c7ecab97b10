import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { usePeople } from "@/app/people";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { PRIORITIES } from "@/components/priorities";
import type { IssueChange } from "@/ipc";
import type { Argument } from "@/keyboard/arguments";
import { type ActionId, fromCatalogue, listed } from "@/keyboard/catalogue";
import type { Action } from "@/keyboard/keyboard";
import { useKeymap } from "@/keyboard/usePressedKeys";
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

/** Names of changes of issues, as the catalogue has them. */
type TriageId = ActionId extends infer Id ? (Id extends `triage.${infer Name}` ? Name : never) : never;

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
  const { host, selection } = useServices();
  const mark = useKeymap().words("select.toggle");
  const people = usePeople();
  const { attempt, run: change } = useIssueChange(onChanged);
  const [chooser, setChooser] = useState<Chooser | null>(null);
  const [pending, setPending] = useState<Pending | null>(null);
  const readOnly = useQuery(asks.appInfo(host)).data?.read_only ?? null;
  const blocked = readOnly ? "the store can only be read" : null;
  // What it asks about is no longer selected, or not all there is to it: the answer would be about something else.
  useEffect(() => selection.picked.subscribe(() => setPending(null)), [selection]);

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
  const entry = (id: TriageId, go: () => void, unavailable = blocked, argument?: Argument): Action => ({
    ...fromCatalogue(`triage.${id}`),
    title: listed(`triage.${id}`).title + many,
    unavailable,
    ...(argument ? { argument } : {}),
    run: go,
  });
  const act = (id: TriageId, wanted: IssueChange, unavailable = blocked): Action =>
    entry(id, () => run(wanted), unavailable);
  const choose = (id: ChooserKind, argument?: Argument, unavailable = blocked): Action =>
    entry(id, () => open(id), unavailable, argument);

  const actions: Action[] = [
    act("resolve", { kind: "resolve" }),
    choose("release", releaseArgument(host, projectOf, run)),
    act("next-release", { kind: "resolve_in_next_release" }),
    act("archive", { kind: "archive_until_escalating" }),
    act("forever", { kind: "archive_forever" }),
    choose(
      "snooze",
      snoozeArgument(run, () => open("snooze")),
    ),
    act(
      "unresolve",
      { kind: "unresolve" },
      unless(all((row) => row.status) === "unresolved", many ? "they are unresolved" : "it is unresolved"),
    ),
    choose("assign", assignArgument(people, all, run)),
    ...(people?.me ? [act("assign-me", { kind: "assign", assignee: `user:${people.me}` })] : []),
    // On an issue its key is that of the previous occurrence.
    { ...choose("priority", priorityArgument(all, run)), ...(scope === "issue" ? { keys: [] } : {}) },
    ...(scope === "issue"
      ? PRIORITIES.map((priority) =>
          act(`priority-${priority}`, {
            kind: "set_priority",
            priority,
          }),
        )
      : []),
    choose("labels"),
    choose("note"),
    act(
      "reviewed",
      { kind: "mark_reviewed" },
      unless(all((row) => row.inbox_reason === null) === true, "it does not wait for review"),
    ),
    act(
      "ask-review",
      { kind: "add_to_inbox" },
      unless(all((row) => row.inbox_reason !== null) === true, "it waits for review"),
    ),
    entry("bookmark", () => toggle("set_bookmark")),
    entry("seen", () => toggle("set_seen")),
    ...(scope === "list"
      ? [
          choose(
            "merge",
            undefined,
            unless(
              (known?.count ?? 0) < 2,
              mark === null ? "select the issues to merge" : `select the issues to merge with ${mark}`,
            ),
          ),
        ]
      : []),
    choose("delete"),
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
