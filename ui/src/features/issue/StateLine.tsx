import { CircleCheck } from "lucide-react";
import { Button } from "@/components/Button";
import { useNow } from "@/components/useNow";
import type { Triage } from "@/features/triage/useTriage";
import type { IssueDetail, IssueRow } from "@/ipc";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { testIds } from "@/lib/testIds";
import styles from "./StateLine.module.css";
import { reviewText, stateText } from "./stateText";

interface StateLineProps {
  row: IssueRow;
  detail: IssueDetail | undefined;
  triage: Triage;
}

/** What the status means and what ends it. Always one line high, so that what is read later moves nothing. */
export function StateLine({ row, detail, triage }: StateLineProps) {
  const keymap = useKeymap();
  const now = useNow();
  const { lead, rest } = stateText(row, detail, now);
  const review = reviewText(row, detail, now);
  return (
    <div className={styles.line}>
      <p className={styles.text} data-testid={testIds.issueState} data-tip={`${lead} ${rest}`.trim()}>
        {lead} {rest ? <span className={styles.rest}>{rest}</span> : null}
        {detail?.priority_locked ? (
          <span className={styles.rest}> The priority stays as it was chosen.</span>
        ) : null}
      </p>
      {review ? (
        <>
          <p className={styles.review}>{review}</p>
          <Button
            kind="quiet"
            className={styles.button}
            aria-keyshortcuts={keymap.aria("triage.reviewed")}
            aria-disabled={triage.blocked !== null || undefined}
            data-testid={testIds.issueAction("review")}
            onClick={() => triage.run({ kind: "mark_reviewed" })}
          >
            <CircleCheck size={14} aria-hidden="true" /> Mark as reviewed
          </Button>
        </>
      ) : null}
    </div>
  );
}
