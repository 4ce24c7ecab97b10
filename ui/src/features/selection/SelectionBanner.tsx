import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { formatClock, formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./SelectionBanner.module.css";

/** Says that more is selected than can be seen. `visible`: ids of the rows on screen. */
export function SelectionBanner({ visible }: { visible: () => readonly string[] }) {
  const { selection } = useServices();
  const picked = useValue(selection.picked);
  if (picked.kind !== "query") return null;
  const { total } = picked.list.snapshot;
  const except = picked.except.size;
  return (
    <div
      className={styles.banner}
      role="status"
      data-testid={testIds.selectionBanner}
      data-count={total - except}
      data-except={except}
    >
      <span>
        <strong>
          {except === 0 ? "All " : ""}
          {plural(total - except, "issue")} matching{" "}
          {picked.list.query.trim() === "" ? "everything" : <code>{picked.list.query}</code>} selected
        </strong>{" "}
        (as of {formatClock(picked.at)}){except > 0 ? `, ${formatCount(except)} excluded` : ""}. Later
        arrivals are not included.
      </span>
      <Button
        kind="quiet"
        data-testid={testIds.selection("only-visible")}
        onClick={() => selection.only(visible().filter((id) => selection.has(id)))}
      >
        Only the visible ones
      </Button>
      <Button kind="quiet" data-testid={testIds.selection("clear")} onClick={() => selection.clear()}>
        Clear
      </Button>
    </div>
  );
}
