import { useRef } from "react";
import { assigneeOf, usePeople } from "@/app/people";
import { useServices } from "@/app/services";
import type { IssueChange, IssueRow } from "@/ipc";
import { changeDone, changeFailed, skippedReason } from "./words";

/** The issue a change is meant for. */
export interface Target {
  id: string;
  row: IssueRow | undefined;
}

/** Told that an issue has changed; may answer with a way to take back what was done to a list because of it. */
export type ChangeListener = (target: Target, row: IssueRow | undefined) => (() => void) | undefined;

/** Changes that put an issue away, and that unresolving takes back. */
const PUTS_AWAY = new Set<IssueChange["kind"]>([
  "resolve",
  "resolve_in_release",
  "resolve_in_next_release",
  "archive_forever",
  "archive_until_escalating",
  "archive_until",
]);

/**
 * Carries out changes of one issue, brings what is on screen up to date, and says what was done. Nothing is shown
 * before the store has it: the answer takes a few milliseconds, and a row that jumps back is worse than one that waits.
 */
export function useIssueChange(onChanged?: ChangeListener) {
  const { host, queries, rows, toasts, revision } = useServices();
  const people = usePeople();
  /** Issues whose change is under way: a key that is pressed twice means one change. */
  const underWay = useRef(new Set<string>());

  /** Rejects where the change could not be carried out; what it did is said here. */
  const attempt = async (target: Target, change: IssueChange): Promise<void> => {
    if (underWay.current.has(target.id)) return;
    underWay.current.add(target.id);
    try {
      const report = await host.issueChange([target.id], change);
      // The change is done, whether or not the row can be read again right now.
      const [row] = await rows.reread([target.id]).catch(() => []);
      const name = row?.short_id ?? target.row?.short_id ?? "This issue";
      for (const key of ["issue", "activities"]) {
        void queries.invalidateQueries({ queryKey: [key, target.id] });
      }
      revision.set(report.revision);
      const [skipped] = report.skipped;
      if (report.changed === 0) {
        toasts.note(
          `${name} stays as it is: ${skipped ? skippedReason(skipped.reason) : "nothing to change"}.`,
        );
        return;
      }
      const takeBack = onChanged?.(target, row);
      const wasOpen = target.row?.status === "unresolved";
      toasts.done(
        changeDone(change, name, (value) => assigneeOf(value, people).name),
        {
          detail: row?.title ?? target.row?.title,
          action:
            PUTS_AWAY.has(change.kind) && wasOpen
              ? {
                  label: "Unresolve",
                  run: () => {
                    takeBack?.();
                    void run({ id: target.id, row }, { kind: "unresolve" });
                  },
                }
              : undefined,
        },
      );
    } finally {
      underWay.current.delete(target.id);
    }
  };

  /** The same, with the failure said, too. */
  const run = (target: Target, change: IssueChange): Promise<void> =>
    attempt(target, change).catch((error: unknown) => {
      const name = target.row?.short_id ?? "The issue";
      toasts.failed(changeFailed(change, name), error, () => void run(target, change));
    });

  return { attempt, run };
}
