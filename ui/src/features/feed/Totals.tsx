import section from "@/components/section.module.css";
import { reasonText } from "@/features/outcomes/reasons";
import type { FeedTotals } from "@/ipc";
import { formatCount } from "@/lib/format";
import styles from "./Totals.module.css";

/** Ways for a record to end, besides being dropped, and how each is called. */
const ENDS: Record<string, string> = {
  created: "opened an issue",
  updated: "joined an issue",
  status_changed: "changed a status",
  unchanged: "changed nothing",
};

/** The ends that the engine counts, in the order above. A word that is not known here keeps its name. */
function endsOf(totals: FeedTotals): { word: string; count: number }[] {
  const counted = Object.entries(totals).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === "number" && !["records", "dead_lettered"].includes(entry[0]),
  );
  return counted.map(([word, count]) => ({ word: ENDS[word] ?? word.replaceAll("_", " "), count }));
}

/** Records that the parts account for. */
export function accountedFor(totals: FeedTotals): number {
  const dropped = totals.dropped.reduce((sum, reason) => sum + reason.count, 0);
  const ended = endsOf(totals).reduce((sum, end) => sum + end.count, 0);
  return ended + dropped + totals.dead_lettered;
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
        {endsOf(totals).map((end, at) => (
          <Part key={end.word} sign={at === 0 ? "=" : "+"} name={end.word} count={end.count} />
        ))}
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
