import { useQuery } from "@tanstack/react-query";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Popover } from "@/components/Popover";
import { ProgressLine } from "@/components/ProgressLine";
import { useSlow } from "@/components/useSlow";
import type { ShownList } from "@/features/inbox/inboxMemory";
import type { ExplainStep } from "@/ipc";
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

/** From when on somebody who waits is told what for, and how to end it (UX 19). */
const SLOW_MS = 1_000;

/** The place of the step that took longest; null where none took any time to speak of. */
function slowestOf(steps: readonly ExplainStep[]): number | null {
  const longest = Math.max(...steps.map((step) => step.took_ms));
  return steps.length < 2 || longest < 1 ? null : steps.findIndex((step) => step.took_ms === longest);
}

function Steps({ shown }: { shown: ShownList }) {
  const { host, queries } = useServices();
  const ask = asks.explain(host, shown.query, shown.sort);
  const answer = useQuery(ask);
  const explain = answer.data;
  const slow = useSlow(answer.isFetching, SLOW_MS);
  const slowest = slowestOf(explain?.steps ?? []);
  return (
    <div className={styles.explain} data-testid={testIds.explain}>
      <h2 className={styles.heading}>How it was found</h2>
      <ProgressLine busy={answer.isFetching} label="Explaining" />
      {slow && answer.isFetching ? (
        <p className={styles.note}>
          Each step is counted in the store.{" "}
          <Button
            data-testid={testIds.explainButton("stop")}
            onClick={() => void queries.cancelQueries({ queryKey: ask.queryKey })}
          >
            Stop
          </Button>
        </p>
      ) : null}
      {answer.fetchStatus === "idle" && answer.isPending ? (
        <p className={styles.note}>
          Stopped before it was explained.{" "}
          <Button data-testid={testIds.explainButton("again")} onClick={() => void answer.refetch()}>
            Explain
          </Button>
        </p>
      ) : null}
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
                  {step.uses_index ? "by index" : "read one by one"} · {formatTook(step.took_ms)}
                  {at === slowest ? <strong> · slowest</strong> : null}
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
