import { ChevronsDown, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { USUAL_DENSITY } from "@/app/densityActions";
import { GROUPINGS } from "@/app/place";
import { DENSITIES, DENSITY_NAMES, type Density } from "@/app/preferences";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { type Choice, Select } from "@/components/Select";
import type { ViewDensity } from "@/features/views/useViews";
import type { IssueGrouping } from "@/ipc";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { GROUPING_WORDS } from "./groupings";
import styles from "./InboxToolbar.module.css";
import type { ShownList } from "./inboxMemory";
import type { ListChanges } from "./listChanges";

/** What stands for a list without groups: a choice needs a text. */
const UNGROUPED = "none";

const GROUP_CHOICES: readonly Choice<IssueGrouping | typeof UNGROUPED>[] = [
  { value: UNGROUPED, label: "None" },
  ...GROUPINGS.map((value) => {
    const { title, note } = GROUPING_WORDS[value];
    return { value, label: title, note };
  }),
];

/** What stands for the height of rows in lists without one of their own. */
const USUAL = "usual";

const DENSITY_CHOICES: readonly Choice<Density | typeof USUAL>[] = DENSITIES.map((value) => ({
  value,
  label: DENSITY_NAMES[value],
}));
const USUAL_CHOICE = { value: USUAL, label: USUAL_DENSITY } as const;

interface InboxToolbarProps {
  grouping: IssueGrouping | null;
  onGroup: (grouping: IssueGrouping | null) => void;
  groupingOpen: boolean;
  onGroupingOpen: (open: boolean) => void;
  /** The chooser of the order. */
  sorting: ReactNode;
  density: ViewDensity;
  /** The chooser of columns. */
  columns: ReactNode;
  pending: ListChanges | null;
  onApply: () => void;
  following: boolean;
  onFollow: () => void;
  shown: ShownList | null;
}

/** `37 new · 12 changed · 4 left`, leaving out what is zero. */
export function describeChanges({ added, changed, left }: ListChanges): string {
  const parts: [number, string][] = [
    [added, "new"],
    [changed, "changed"],
    [left, "left"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`)
    .join(" · ");
}

/** Order, groups, density, follow mode, and what waits to be applied. */
export function InboxToolbar(props: InboxToolbarProps) {
  const keymap = useKeymap();
  const { density, pending, onApply, following, onFollow, shown } = props;
  const capped = shown && shown.snapshot.total > shown.snapshot.ids.length;
  return (
    <div className={styles.bar} data-region="toolbar">
      {props.sorting}
      <Select
        label="Group by"
        prefix="Group"
        quiet
        testId={testIds.grouping}
        value={props.grouping ?? UNGROUPED}
        choices={GROUP_CHOICES}
        onChange={(next) => props.onGroup(next === UNGROUPED ? null : next)}
        open={props.groupingOpen}
        onOpenChange={props.onGroupingOpen}
      />
      <Select
        label="Density"
        prefix="Rows"
        quiet
        value={density.shown}
        choices={density.isOwn ? [...DENSITY_CHOICES, USUAL_CHOICE] : DENSITY_CHOICES}
        onChange={(next) => density.choose(next === USUAL ? null : next)}
      />
      {props.columns}
      {capped ? (
        <span className={styles.capped}>
          The list holds the first {formatCount(shown.snapshot.ids.length)} of{" "}
          {formatCount(shown.snapshot.total)} issues. Narrow the query to reach the rest.
        </span>
      ) : null}
      <div className={styles.end}>
        {pending ? (
          <Button
            kind="quiet"
            className={styles.pending}
            onClick={onApply}
            aria-keyshortcuts={keymap.aria("inbox.apply")}
            data-testid={testIds.pendingUpdates}
            data-added={pending.added}
            data-changed={pending.changed}
            data-left={pending.left}
          >
            <RefreshCw size={14} aria-hidden="true" />
            {describeChanges(pending)}
            <ActionCaps action="inbox.apply" />
          </Button>
        ) : null}
        {following ? <span className={styles.following}>following</span> : null}
        <IconButton
          label="Follow: apply changes each second"
          action="inbox.follow"
          aria-pressed={following}
          onClick={onFollow}
        >
          <ChevronsDown size={16} />
        </IconButton>
      </div>
    </div>
  );
}
