import { ChevronDown, MessageSquare, Tag, UserRound } from "lucide-react";
import type { ComponentProps } from "react";
import { assigneeOf, usePeople } from "@/app/people";
import { ActionMenu } from "@/components/ActionMenu";
import { Button } from "@/components/Button";
import { PriorityGlyph } from "@/components/PriorityGlyph";
import { priorityMark } from "@/components/priorities";
import type { IssueRow } from "@/ipc";
import { useAriaKeys, usePressedKeys } from "@/keyboard/usePressedKeys";
import { cx } from "@/lib/classNames";
import { keyText } from "@/lib/platform";
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
        <BarButton name="resolve" keys="e" why={blocked ?? resolved} onClick={() => run({ kind: "resolve" })}>
          Resolve
        </BarButton>
        <ActionMenu
          trigger={<MoreButton name="resolve-menu" label="Ways to resolve" />}
          entries={[
            {
              label: "Resolve now",
              note: "comes back with the next event",
              keys: "e",
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
              keys: "Shift+e",
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
          keys="i"
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
              keys: "i",
              disabled: blocked !== null,
              testId: testIds.issueAction("archive-escalating"),
              run: () => run({ kind: "archive_until_escalating" }),
            },
            {
              label: "Until…",
              note: "a time, a number of events or of users",
              keys: "h",
              disabled: blocked !== null,
              testId: testIds.issueAction("archive-until"),
              run: () => open("snooze"),
            },
            {
              label: "Forever",
              keys: "Shift+i",
              disabled: blocked !== null,
              testId: testIds.issueAction("archive-forever"),
              run: () => run({ kind: "archive_forever" }),
            },
          ]}
        />
      </span>
      <BarButton
        name="unresolve"
        keys="o o"
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
          <BarButton name="assign" keys="a" why={blocked} className={styles.assign}>
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
      <BarButton name="labels" keys="l" why={blocked} onClick={() => open("labels")}>
        <Tag size={14} aria-hidden="true" />
        Labels
      </BarButton>
      <BarButton name="note" keys="c" why={blocked} onClick={() => open("note")}>
        <MessageSquare size={14} aria-hidden="true" />
        Note
      </BarButton>
    </div>
  );
}

interface BarButtonProps extends ComponentProps<"button"> {
  name: string;
  keys?: string;
  /** Why it does nothing now. */
  why: string | null;
}

/** A button that can be reached even where it does nothing, so that it can say why. */
function BarButton({ name, keys, why, onClick, className, ...rest }: BarButtonProps) {
  const pressed = usePressedKeys();
  const ariaKeys = useAriaKeys();
  return (
    <Button
      {...rest}
      className={cx(styles.button, className)}
      aria-disabled={why !== null || undefined}
      aria-keyshortcuts={ariaKeys(keys)}
      data-tip={why ?? (keys ? `Key: ${keyText(pressed(keys))}` : undefined)}
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
