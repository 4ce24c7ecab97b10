import { User, Users, UserX } from "lucide-react";
import type { ReactElement } from "react";
import { usePeople } from "@/app/people";
import { Popover } from "@/components/Popover";
import { PriorityGlyph } from "@/components/PriorityGlyph";
import { PRIORITIES, priorityMark } from "@/components/priorities";
import { TypeAhead, type TypeAheadOption } from "@/components/TypeAhead";
import type { IssuePriority, IssueRow, People } from "@/ipc";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { common, type Subject, tally } from "./subject";
import type { ChooserKind, Triage } from "./useTriage";

interface ChooserProps {
  triage: Triage;
  /** Button that opens it; without one, `anchor` says where it stands. */
  trigger?: ReactElement;
  anchor?: () => Element | null;
  returnFocus?: () => HTMLElement | null;
}

const NOBODY = "";

const assigneeOf = (row: IssueRow) => row.assignee;
const priorityOf = (row: IssueRow) => row.priority;

/** Says of a value how many of several issues have it; nothing where none has, or all have the same. */
function heldBy<T>(
  subject: Subject | undefined,
  read: (row: IssueRow) => T,
): (value: T) => string | undefined {
  const counts = tally(subject, read);
  return (value) => {
    const count = counts?.get(value);
    return count && subject ? `${formatCount(count)} of ${formatCount(subject.count)}` : undefined;
  };
}

/** `current`: what holds for all of them; undefined where they differ. `held`: for how many of them, then. */
function assigneeOptions(
  people: People | undefined,
  current: string | null | undefined,
  held: (assignee: string | null) => string | undefined,
): TypeAheadOption[] {
  if (!people) return [];
  const nobody: TypeAheadOption = {
    value: NOBODY,
    label: "Nobody",
    icon: <UserX size={14} aria-hidden="true" />,
    current: current === null,
    held: held(null),
  };
  const users = people.users.map((user): TypeAheadOption => {
    const value = `user:${user.id}`;
    return {
      value,
      label: user.username,
      note: user.id === people.me ? "you" : (user.email ?? undefined),
      icon: <User size={14} aria-hidden="true" />,
      current: current === value,
      held: held(value),
    };
  });
  const teams = people.teams.map((team): TypeAheadOption => {
    const value = `team:${team.id}`;
    return {
      value,
      label: `#${team.slug}`,
      note: "team",
      icon: <Users size={14} aria-hidden="true" />,
      current: current === value,
      held: held(value),
    };
  });
  // Taking an issue oneself is the most common wish.
  users.sort((a, b) => Number(b.note === "you") - Number(a.note === "you"));
  return [...users, ...teams, nobody];
}

/** Opens and closes a chooser, whoever asks for it. */
function useDoor(triage: Triage, kind: ChooserKind) {
  return {
    isOpen: triage.chooser?.kind === kind,
    setOpen: (open: boolean) => (open ? triage.open(kind) : triage.close()),
  };
}

/** Chooses who has an issue. */
export function AssignChooser({ triage, ...place }: ChooserProps) {
  const people = usePeople();
  const { isOpen, setOpen } = useDoor(triage, "assign");
  const subject = triage.chooser?.subject;
  const current = common(subject, assigneeOf);
  return (
    <Popover {...place} label="Assign to" open={isOpen} onOpenChange={setOpen}>
      <TypeAhead
        label="Assign to"
        placeholder="Name, mail or team"
        testId={testIds.assignInput}
        options={assigneeOptions(people, current, heldBy(subject, assigneeOf))}
        empty="Nobody is known yet: users and teams come with the settings of this store."
        onChoose={(value) => {
          triage.close();
          triage.run({ kind: "assign", assignee: value === NOBODY ? null : value });
        }}
      />
    </Popover>
  );
}

/** Chooses the priority of an issue. */
export function PriorityChooser({ triage, ...place }: ChooserProps) {
  const { isOpen, setOpen } = useDoor(triage, "priority");
  const subject = triage.chooser?.subject;
  const current = common(subject, priorityOf);
  const held = heldBy(subject, priorityOf);
  return (
    <Popover {...place} label="Priority" open={isOpen} onOpenChange={setOpen}>
      <TypeAhead
        label="Priority"
        placeholder="High, medium or low"
        testId={testIds.priorityInput}
        options={PRIORITIES.map((priority) => ({
          value: priority,
          label: priorityMark(priority).label,
          icon: <PriorityGlyph priority={priority} size={14} />,
          current: priority === current,
          held: held(priority),
        }))}
        onChoose={(value) => {
          triage.close();
          triage.run({ kind: "set_priority", priority: value as IssuePriority });
        }}
      />
    </Popover>
  );
}
