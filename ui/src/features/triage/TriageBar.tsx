import { ChevronDown, MessageSquare, Tag, UserRound } from "lucide-react";
import type { ComponentProps } from "react";
import { assigneeOf, usePeople } from "@/app/people";
import { ActionMenu } from "@/components/ActionMenu";
import { Button } from "@/components/Button";
import { PriorityGlyph } from "@/components/PriorityGlyph";
import { priorityMark } from "@/components/priorities";
import type { IssueRow } from "@/ipc";
import type { ActionId } from "@/keyboard/catalogue";
import { keyTip, useKeymap } from "@/keyboard/usePressedKeys";
import { cx } from "@/lib/classNames";
import { testIds } from "@/lib/testIds";
import { AssignChooser, PriorityChooser } from "./Choosers";
import styles from "./TriageBar.module.css";
import type { Triage } from "./useTriage";

/** The buttons of an issue. Always the same ones in the same places; what cannot be done now says why. */
export function TriageBar({ row, triage }: { row: IssueRow; triage: Triage }) {
  const people = usePeople();
  const { run, open, blocked } = triage;
  const resolved = row.status === "resolved" ? "it is resolved already" : null;
  const unresolved = row.status === "unresolved" ? "it is unresolved" : null;
  const escalating = row.substatus === "archived_until_escalating" ? "it is archived that way already" : null;
  const assignee = row.assignee === null ? null : assigneeOf(row.assignee, people);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Actions">
      <span className={styles.split}>
        <BarButton
          name="resolve"
          action="triage.resolve"
          why={blocked ?? resolved}
          onClick={() => run({ kind: "resolve" })}
        >
          Resolve
        </BarButton>
        <ActionMenu
          trigger={<MoreButton name="resolve-menu" label="Ways to resolve" />}
          entries={[
            {
              label: "Resolve now",
              note: "comes back with the next event",
              action: "triage.resolve",
              disabled: blocked !== null,
              run: () => run({ kind: "resolve" }),
            },
            {
              label: "In the next release",
              note: "comes back when that release has it",
              disabled: blocked !== null,
              testId: testIds.issueAction("resolve-next"),
              run: () => run({ kind: "resolve_in_next_release" }),
            },
            {
              label: "In a release…",
              action: "triage.release",
              disabled: blocked !== null,
              testId: testIds.issueAction("resolve-release"),
              run: () => open("release"),
            },
          ]}
        />
      </span>
      <span className={styles.split}>
        <BarButton
          name="archive"
          action="triage.archive"
          why={blocked ?? escalating}
          onClick={() => run({ kind: "archive_until_escalating" })}
        >
          Archive
        </BarButton>
        <ActionMenu
          trigger={<MoreButton name="archive-menu" label="Ways to archive" />}
          entries={[
            {
              label: "Until escalating",
              note: "until it happens much more often than forecast",
              action: "triage.archive",
              disabled: blocked !== null,
              testId: testIds.issueAction("archive-escalating"),
              run: () => run({ kind: "archive_until_escalating" }),
            },
            {
              label: "Until…",
              note: "a time, a number of events or of users",
              action: "triage.snooze",
              disabled: blocked !== null,
              testId: testIds.issueAction("archive-until"),
              run: () => open("snooze"),
            },
            {
              label: "Forever",
              action: "triage.forever",
              disabled: blocked !== null,
              testId: testIds.issueAction("archive-forever"),
              run: () => run({ kind: "archive_forever" }),
            },
          ]}
        />
      </span>
      <BarButton
        name="unresolve"
        action="triage.unresolve"
        why={blocked ?? unresolved}
        onClick={() => run({ kind: "unresolve" })}
      >
        Unresolve
      </BarButton>
      <PriorityChooser
        triage={triage}
        trigger={
          <BarButton name="priority" why={blocked} className={styles.priority}>
            <PriorityGlyph priority={row.priority} size={14} />
            <span className="visually-hidden">Priority </span>
            {priorityMark(row.priority).label}
            <ChevronDown size={14} aria-hidden="true" />
          </BarButton>
        }
      />
      <AssignChooser
        triage={triage}
        trigger={
          <BarButton name="assign" action="triage.assign" why={blocked} className={styles.assign}>
            <UserRound size={14} aria-hidden="true" />
            {assignee ? (
              <span
                className={styles.assignee}
                data-testid={testIds.badge("assignee")}
                data-value={row.assignee ?? undefined}
              >
                <span className="visually-hidden">Assigned to </span>
                {assignee.name}
              </span>
            ) : (
              "Assign"
            )}
            <ChevronDown size={14} aria-hidden="true" />
          </BarButton>
        }
      />
      <BarButton name="labels" action="triage.labels" why={blocked} onClick={() => open("labels")}>
        <Tag size={14} aria-hidden="true" />
        Labels
      </BarButton>
      <BarButton name="note" action="triage.note" why={blocked} onClick={() => open("note")}>
        <MessageSquare size={14} aria-hidden="true" />
        Note
      </BarButton>
    </div>
  );
}

interface BarButtonProps extends ComponentProps<"button"> {
  name: string;
  action?: ActionId;
  /** Why it does nothing now. */
  why: string | null;
}

/** A button that can be reached even where it does nothing, so that it can say why. */
function BarButton({ name, action, why, onClick, className, ...rest }: BarButtonProps) {
  const keymap = useKeymap();
  return (
    <Button
      {...rest}
      className={cx(styles.button, className)}
      aria-disabled={why !== null || undefined}
      aria-keyshortcuts={action && keymap.aria(action)}
      data-tip={why ?? (action && keyTip(keymap.words(action)))}
      data-testid={testIds.issueAction(name)}
      onClick={why === null ? onClick : undefined}
    />
  );
}

function MoreButton({ name, label, ...rest }: { name: string; label: string } & ComponentProps<"button">) {
  return (
    <Button {...rest} className={styles.more} aria-label={label} data-testid={testIds.issueAction(name)}>
      <ChevronDown size={14} aria-hidden="true" />
    </Button>
  );
}
