import { User, Users, UserX } from "lucide-react";
import type { ReactElement } from "react";
import { usePeople } from "@/app/people";
import { Popover } from "@/components/Popover";
import { PriorityGlyph } from "@/components/PriorityGlyph";
import { PRIORITIES, priorityMark } from "@/components/priorities";
import { TypeAhead, type TypeAheadOption } from "@/components/TypeAhead";
import type { IssuePriority, People } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { common } from "./subject";
import type { ChooserKind, Triage } from "./useTriage";

interface ChooserProps {
  triage: Triage;
  /** Button that opens it; without one, `anchor` says where it stands. */
  trigger?: ReactElement;
  anchor?: () => Element | null;
  returnFocus?: () => HTMLElement | null;
}

const NOBODY = "";

/** `current`: what holds for all of them; undefined where they differ. */
function assigneeOptions(people: People | undefined, current: string | null | undefined): TypeAheadOption[] {
  if (!people) return [];
  const nobody: TypeAheadOption = {
    value: NOBODY,
    label: "Nobody",
    icon: <UserX size={14} aria-hidden="true" />,
    current: current === null,
  };
  const users = people.users.map((user): TypeAheadOption => {
    const value = `user:${user.id}`;
    return {
      value,
      label: user.username,
      note: user.id === people.me ? "you" : (user.email ?? undefined),
      icon: <User size={14} aria-hidden="true" />,
      current: current === value,
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
  const current = common(triage.chooser?.subject, (row) => row.assignee);
  return (
    <Popover {...place} label="Assign to" open={isOpen} onOpenChange={setOpen}>
      <TypeAhead
        label="Assign to"
        placeholder="Name, mail or team"
        testId={testIds.assignInput}
        options={assigneeOptions(people, current)}
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
  const current = common(triage.chooser?.subject, (row) => row.priority);
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
        }))}
        onChoose={(value) => {
          triage.close();
          triage.run({ kind: "set_priority", priority: value as IssuePriority });
        }}
      />
    </Popover>
  );
}
