import { Columns3 } from "lucide-react";
import { Button } from "@/components/Button";
import { ColumnList } from "@/components/ColumnList";
import { Popover } from "@/components/Popover";
import type { ViewColumns } from "@/features/views/useViews";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./ColumnsPopover.module.css";
import { columnChoices, LIST_COLUMNS } from "./listColumns";

interface ColumnsPopoverProps {
  /** The open view, whose columns they are, and its name. */
  view: { name: string } | null;
  columns: ViewColumns;
  /** How many of them the list has no room for. */
  hidden: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Which columns the list has, and in which order. Each view keeps its own, once it is saved. */
export function ColumnsPopover({ view, columns, hidden, open, onOpenChange }: ColumnsPopoverProps) {
  const keymap = useKeymap();
  const { shown, isOwn, choose } = columns;
  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      label="Columns"
      wide
      trigger={
        <Button
          kind="quiet"
          aria-keyshortcuts={keymap.aria("inbox.columns")}
          data-tip={keymap.tip("Choose columns", "inbox.columns")}
        >
          <Columns3 size={14} aria-hidden="true" /> Columns
          {hidden > 0 ? (
            <span data-testid={testIds.columnsHidden} data-count={hidden}>
              · {formatCount(hidden)} hidden
            </span>
          ) : null}
        </Button>
      }
    >
      <div className={styles.chooser} data-testid={testIds.columnChooser}>
        <h2 className={styles.heading}>{view ? `Columns of ${view.name}` : "Columns"}</h2>
        {hidden > 0 ? (
          <p className={styles.note}>
            The last {plural(hidden, "column")} {hidden === 1 ? "has" : "have"} no room beside the issue. Make
            other columns narrower, choose fewer, or put the preview below the list.
          </p>
        ) : null}
        <ColumnList
          columns={columnChoices(shown)}
          title={({ name }) => LIST_COLUMNS[name].title}
          testId={testIds.listColumn}
          onChange={(next) => choose(next.filter(({ on }) => on).map(({ name }) => name))}
        />
        <Button onClick={() => choose(null)} disabled={!isOwn}>
          {view ? "As in other lists" : "As they were at first"}
        </Button>
      </div>
    </Popover>
  );
}
