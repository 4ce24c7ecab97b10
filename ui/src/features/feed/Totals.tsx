import type { FeedTotals } from "@/ipc";
import { formatCount } from "@/lib/format";
import { reasonText } from "./reasons";
import section from "./section.module.css";
import styles from "./Totals.module.css";

/** Records that the parts account for. */
export function accountedFor(totals: FeedTotals): number {
  const dropped = totals.dropped.reduce((sum, reason) => sum + reason.count, 0);
  return totals.created + totals.updated + dropped + totals.dead_lettered;
}

/** How the records of this run ended, as a sum that has to come out. */
export function Totals({ totals }: { totals: FeedTotals }) {
  const dropped = totals.dropped.reduce((sum, reason) => sum + reason.count, 0);
  const difference = totals.records - accountedFor(totals);
  return (
    <section className={section.section} aria-label="Records of this run">
      <h2 className={section.heading}>Records of this run</h2>
      <dl className={styles.sum}>
        <Part name="records" count={totals.records} />
        <Part sign="=" name="opened an issue" count={totals.created} />
        <Part sign="+" name="joined an issue" count={totals.updated} />
        <Part
          sign="+"
          name="dropped"
          count={dropped}
          note={totals.dropped.map((r) => `${formatCount(r.count)} ${reasonText(r.reason)}`)}
        />
        <Part sign="+" name="set aside" count={totals.dead_lettered} />
      </dl>
      {difference === 0 ? null : (
        <p className={styles.gap} role="alert">
          {formatCount(Math.abs(difference))} records are not accounted for. This should not happen; please
          report it.
        </p>
      )}
    </section>
  );
}

interface PartProps {
  sign?: string;
  name: string;
  count: number;
  note?: readonly string[];
}

function Part({ sign, name, count, note = [] }: PartProps) {
  return (
    <div className={styles.part} data-sign={sign}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.count}>{formatCount(count)}</dd>
      {note.map((line) => (
        <dd key={line} className={styles.note}>
          {line}
        </dd>
      ))}
    </div>
  );
}
