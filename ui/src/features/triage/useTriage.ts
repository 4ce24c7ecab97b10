import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePeople } from "@/app/people";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { PRIORITIES } from "@/components/priorities";
import type { IssueChange } from "@/ipc";
import type { Action } from "@/keyboard/keyboard";
import { type ChangeListener, type Target, useIssueChange } from "./useIssueChange";

/** What can be chosen before a change. */
export type ChooserKind = "assign" | "priority" | "snooze" | "release";

/** A chooser that is open, and the issue it is open for. */
export interface Chooser {
  kind: ChooserKind;
  target: Target;
}

interface TriageOptions {
  /** The issue that an action would hit now; null where there is none. */
  target: () => Target | null;
  /** The issue if it is known while drawing, so that what makes no sense can say so. */
  known?: Target;
  /** In the list `p` chooses the priority; on an issue it is the previous occurrence. */
  scope: "list" | "issue";
  onChanged?: ChangeListener;
}

/** Everything that can be done to an issue, for keys, palette and buttons alike. */
export interface Triage {
  actions: Action[];
  chooser: Chooser | null;
  open: (kind: ChooserKind) => void;
  close: () => void;
  /** Changes the issue and says what it did, or why it could not. */
  run: (change: IssueChange) => void;
  /** Changes the issue a chooser is open for; rejects where that fails. */
  apply: (change: IssueChange) => Promise<void>;
  /** Why nothing can be changed now. */
  blocked: string | null;
}

/** Wires the changes of one issue. */
export function useTriage({ target, known, scope, onChanged }: TriageOptions): Triage {
  const { host } = useServices();
  const people = usePeople();
  const { attempt, run: change } = useIssueChange(onChanged);
  const [chooser, setChooser] = useState<Chooser | null>(null);
  const readOnly = useQuery(asks.appInfo(host)).data?.read_only ?? null;
  const blocked = readOnly ? "the store can only be read" : null;

  const open = (kind: ChooserKind) => {
    const found = target();
    if (found && !blocked) setChooser({ kind, target: found });
  };
  const run = (wanted: IssueChange) => {
    const found = target();
    if (found && !blocked) void change(found, wanted);
  };
  const apply = async (wanted: IssueChange) => {
    if (chooser) await attempt(chooser.target, wanted);
  };

  const row = known?.row;
  const unless = (condition: boolean | undefined, reason: string) => blocked ?? (condition ? reason : null);
  const act = (
    id: string,
    title: string,
    keys: string[],
    wanted: IssueChange,
    unavailable = blocked,
  ): Action => ({
    id: `triage.${id}`,
    title,
    section: "Triage",
    keys,
    unavailable,
    run: () => run(wanted),
  });
  const choose = (id: ChooserKind, title: string, keys: string[]): Action => ({
    id: `triage.${id}`,
    title,
    section: "Triage",
    keys,
    unavailable: blocked,
    run: () => open(id),
  });

  const actions: Action[] = [
    act("resolve", "Resolve", ["e"], { kind: "resolve" }),
    choose("release", "Resolve in a release…", ["Shift+e"]),
    act("next-release", "Resolve in the next release", [], { kind: "resolve_in_next_release" }),
    act("archive", "Archive until escalating", ["i"], { kind: "archive_until_escalating" }),
    act("forever", "Archive forever", ["Shift+i"], { kind: "archive_forever" }),
    choose("snooze", "Archive until…", ["h"]),
    act(
      "unresolve",
      "Unresolve",
      ["o o"],
      { kind: "unresolve" },
      unless(row?.status === "unresolved", "it is unresolved"),
    ),
    choose("assign", "Assign…", ["a"]),
    ...(people?.me
      ? [act("assign-me", "Assign to me", [], { kind: "assign", assignee: `user:${people.me}` })]
      : []),
    choose("priority", "Set priority…", scope === "list" ? ["p"] : []),
    ...(scope === "issue"
      ? PRIORITIES.map((priority, at) =>
          act(`priority-${priority}`, `Priority: ${priority}`, [`Shift+Digit${at + 1}`], {
            kind: "set_priority",
            priority,
          }),
        )
      : []),
    act(
      "reviewed",
      "Mark as reviewed",
      ["r"],
      { kind: "mark_reviewed" },
      unless(row && row.inbox_reason === null, "it does not wait for review"),
    ),
    act(
      "ask-review",
      "Ask for a review",
      [],
      { kind: "add_to_inbox" },
      unless(row && row.inbox_reason !== null, "it waits for review"),
    ),
  ];

  return { actions, chooser, open, close: () => setChooser(null), run, apply, blocked };
}
