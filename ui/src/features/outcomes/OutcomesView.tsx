import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table2 } from "lucide-react";
import { useCallback, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { IconButton } from "@/components/IconButton";
import { ProgressLine } from "@/components/ProgressLine";
import { Segmented } from "@/components/Segmented";
import section from "@/components/section.module.css";
import { useNow } from "@/components/useNow";
import type { OutcomeRow } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { cx } from "@/lib/classNames";
import { formatCount, formatHour } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { OutcomeChart } from "./OutcomeChart";
import styles from "./OutcomesView.module.css";
import { fillHours, type OutcomeHour, summarizeOutcomes } from "./outcomeHours";
import { OUTCOMES, type OutcomeKind, outcomeText, reasonWords } from "./reasons";

const RANGES = [
  { value: "24", label: "24 h" },
  { value: "168", label: "7 d" },
] as const;

/** How all records of this store ended: by the hour, and by reason with what can be done about it. */
export function OutcomesView() {
  const { host, queries } = useServices();
  const [range, setRange] = useState<(typeof RANGES)[number]["value"]>("168");
  const [asTable, setAsTable] = useState(false);
  const byHour = useQuery(asks.outcomes(host, "hour"));
  const byReason = useQuery(asks.outcomes(host, "reason"));
  const now = useNow();
  const reread = useCallback(() => {
    if (!document.hidden) void queries.invalidateQueries({ queryKey: ["outcomes"] });
  }, [queries]);
  useStoreChange(reread);
  const toggleTable = () => setAsTable((was) => !was);
  useActions([{ ...fromCatalogue("outcomes.table"), run: toggleTable }]);

  const error = byHour.error ?? byReason.error;
  const hours = byHour.data ? fillHours(byHour.data, Number(range), now) : undefined;
  return (
    <div className={styles.view}>
      <ProgressLine busy={byHour.isFetching && !byHour.data} label="Reading the outcomes" />
      {error ? <ErrorNotice error={error} onRetry={reread} /> : null}
      {byReason.data?.length === 0 ? (
        <EmptyState title="No record has been read yet">
          Every record ends in exactly one way, and is counted here by hour and by reason.
        </EmptyState>
      ) : null}
      {hours && byReason.data && byReason.data.length > 0 ? (
        <>
          <section aria-label="Records per hour">
            <div className={styles.bar}>
              <p className={styles.summary}>{summarizeOutcomes(hours)}</p>
              <IconButton
                label="Show as table"
                action="outcomes.table"
                aria-pressed={asTable}
                onClick={toggleTable}
              >
                <Table2 size={16} />
              </IconButton>
              <Segmented label="Range" value={range} choices={RANGES} onChange={setRange} />
            </div>
            {asTable ? <HourTable hours={hours} /> : <OutcomeChart hours={hours} />}
          </section>
          <ByReason rows={byReason.data} />
        </>
      ) : null}
    </div>
  );
}

/** The hours with records, newest first, in place of the bars and as high as they are. */
function HourTable({ hours }: { hours: readonly OutcomeHour[] }) {
  const busy = hours.filter((hour) => OUTCOMES.some((kind) => hour[kind] > 0)).toReversed();
  return (
    <div className={styles.hours}>
      <table className={section.table}>
        <caption className="visually-hidden">Hours with records, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            {OUTCOMES.map((kind) => (
              <th key={kind} scope="col" className={section.number}>
                {outcomeText(kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {busy.map((hour) => (
            <tr key={hour.start}>
              <td>{formatHour(hour.start)}</td>
              {OUTCOMES.map((kind) => (
                <td key={kind} className={section.number}>
                  {formatCount(hour[kind])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ByReason({ rows }: { rows: readonly OutcomeRow[] }) {
  const total = rows.reduce((sum, row) => sum + row.quantity, 0);
  const place = (outcome: string) => OUTCOMES.indexOf(outcome as OutcomeKind);
  const sorted = [...rows].sort((a, b) => place(a.outcome) - place(b.outcome) || b.quantity - a.quantity);
  return (
    <section className={section.section}>
      <h2 className={section.heading}>By reason, over all runs</h2>
      <table className={cx(section.table, styles.table)}>
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
            <th scope="col" className={section.number}>
              Records
            </th>
            <th scope="col" className={section.number}>
              Share
            </th>
            <th scope="col">What it means and what to do</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => {
            const words = reasonWords(row.group);
            return (
              <tr
                key={`${row.outcome} ${row.group}`}
                data-testid={testIds.outcomeRow}
                data-outcome={row.outcome}
                data-reason={row.group}
                data-quantity={row.quantity}
              >
                <td>{outcomeText(row.outcome)}</td>
                <th scope="row" className={styles.reason}>
                  {row.outcome === "dead_lettered" ? (
                    <Link to="/dead-letters" search={{ state: "new", reason: row.group }}>
                      {words.label}
                    </Link>
                  ) : (
                    words.label
                  )}
                </th>
                <td className={section.number}>{formatCount(row.quantity)}</td>
                <td className={section.number}>{share(row.quantity, total)}</td>
                <td className={styles.words}>
                  {words.why} <span className={styles.fix}>{words.fix}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr className={section.total}>
            <td colSpan={2}>All</td>
            <td className={section.number}>{formatCount(total)}</td>
            <td colSpan={2} />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

/** A share in percent, with as many digits as say something. */
function share(quantity: number, total: number): string {
  const percent = total === 0 ? 0 : (quantity / total) * 100;
  return percent > 0 && percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}
