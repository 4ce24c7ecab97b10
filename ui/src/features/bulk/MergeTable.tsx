import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useServices } from "@/app/services";
import { LevelGlyph } from "@/components/LevelGlyph";
import { fewIds, type Subject } from "@/features/triage/subject";
import type { IssueRow, SelectionSummary } from "@/ipc";
import { formatAge, formatCount, formatExact, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./MergeTable.module.css";

interface MergeTableProps {
  subject: Subject;
  summary: SelectionSummary;
  /** The issue that stays; the one with the most events while nothing is chosen. */
  into: string | null;
  onInto: (id: string) => void;
}

/** The issues that become one, which of them that is, and what it will be. Of very many, those with the most events. */
export function MergeTable({ subject, summary, into, onInto }: MergeTableProps) {
  const { host } = useServices();
  const name = useId();
  const ids = fewIds(subject);
  const rows = useQuery({
    queryKey: ["merge-rows", ids],
    queryFn: () => host.issueRows([...(ids ?? [])]),
    enabled: ids !== null,
    gcTime: 0,
  }).data;
  const shown = [...(rows ?? summary.examples)].sort((a, b) => b.times_seen - a.times_seen);
  const usual = summary.examples[0];
  const survivor = shown.find(({ id }) => id === into) ?? usual;
  if (!survivor) return null;
  const others = summary.issues - shown.length;
  const now = Date.now();
  return (
    <>
      <div className={styles.frame}>
        <table className={styles.table} data-testid={testIds.mergeTable}>
          <thead>
            <tr>
              <th scope="col">Stays</th>
              <th scope="col">Issue</th>
              <th scope="col">Events</th>
              <th scope="col">First</th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.id} data-on={row.id === survivor.id ? "" : undefined}>
                <td>
                  <input
                    type="radio"
                    name={name}
                    aria-label={`${row.short_id} stays`}
                    checked={row.id === survivor.id}
                    onChange={() => onInto(row.id)}
                    data-testid={testIds.mergeInto}
                    data-issue-id={row.id}
                  />
                </td>
                <th scope="row">
                  <span className={styles.issue}>
                    <LevelGlyph level={row.level} size={14} />
                    <span className={styles.title} data-cut={row.title}>
                      {row.title}
                    </span>{" "}
                    <span className={styles.id}>{row.short_id}</span>
                  </span>
                </th>
                <td>{formatCount(row.times_seen)}</td>
                <td>
                  <Age time={row.first_seen} now={now} />
                </td>
                <td>
                  <Age time={row.last_seen} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {others > 0 ? <p className={styles.more}>… and {formatCount(others)} more with fewer events</p> : null}
      {summary.issues < 2 ? null : (
        <p data-testid={testIds.mergeResult}>
          They become one issue, <strong>{survivor.short_id}</strong>
          {survivor.id === usual?.id ? ", which has the most events" : ""}. {resultOf(shown, summary)} What
          arrives for the others later goes there, too. This can be undone from the journal.
        </p>
      )}
    </>
  );
}

/** What it will have. Events are only summed where all issues are known; users of several issues may be the same. */
function resultOf(rows: readonly IssueRow[], summary: SelectionSummary): string {
  if (rows.length < summary.issues)
    return `It will have ${plural(summary.occurrences, "stored occurrence")}.`;
  const events = rows.reduce((sum, row) => sum + row.times_seen, 0);
  const stored = summary.occurrences === events ? "all" : formatCount(summary.occurrences);
  return `It will have ${plural(events, "event")}, ${stored} of them stored.`;
}

function Age({ time, now }: { time: number; now: number }) {
  return (
    <time dateTime={new Date(time).toISOString()} data-tip={formatExact(time)}>
      {formatAge(time, now)}
    </time>
  );
}
