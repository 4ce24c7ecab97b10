import { useQuery } from "@tanstack/react-query";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Popover } from "@/components/Popover";
import { ProgressLine } from "@/components/ProgressLine";
import type { ShownList } from "@/features/inbox/inboxMemory";
import { formatCount, formatTook, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./ExplainPopover.module.css";

interface ExplainPopoverProps {
  shown: ShownList;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The count that opens it. */
  trigger: React.ReactElement;
}

/** How the list was found: step by step, with what was left, and what would make it faster. */
export function ExplainPopover({ shown, open, onOpenChange, trigger }: ExplainPopoverProps) {
  return (
    <Popover open={open} onOpenChange={onOpenChange} label="How it was found" trigger={trigger} wide>
      {open ? <Steps shown={shown} /> : null}
    </Popover>
  );
}

function Steps({ shown }: { shown: ShownList }) {
  const { host } = useServices();
  const answer = useQuery(asks.explain(host, shown.query, shown.sort));
  const explain = answer.data;
  return (
    <div className={styles.explain} data-testid={testIds.explain}>
      <h2 className={styles.heading}>How it was found</h2>
      <ProgressLine busy={answer.isFetching} label="Explaining" />
      {answer.error ? <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} /> : null}
      {explain ? (
        <>
          <ol className={styles.steps}>
            {explain.steps.map((step, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step's place is its identity
              <li key={at}>
                <span>{step.words}</span>
                <span className={styles.facts}>
                  {step.rows === null ? "" : `${plural(step.rows, "issue")} left · `}
                  {step.uses_index ? "by index" : "read one by one"}
                </span>
              </li>
            ))}
          </ol>
          <p className={styles.total}>
            <strong>{formatCount(explain.total)}</strong> in {formatTook(explain.took_ms)}
          </p>
          {explain.note ? <p className={styles.note}>{explain.note}</p> : null}
        </>
      ) : null}
    </div>
  );
}
