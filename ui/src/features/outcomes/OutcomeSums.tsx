import { Link } from "@tanstack/react-router";
import { ErrorNotice } from "@/components/ErrorNotice";
import section from "@/components/section.module.css";
import type { OutcomeRow } from "@/ipc";
import { formatCount } from "@/lib/format";
import styles from "./OutcomeSums.module.css";
import { outcomeText, reasonText } from "./reasons";

/** How all records of this store ended, over all runs. */
export function OutcomeSums({ rows, error }: { rows: readonly OutcomeRow[] | undefined; error: unknown }) {
  const total = rows?.reduce((sum, row) => sum + row.quantity, 0) ?? 0;
  return (
    <section className={section.section}>
      <h2 className={section.heading}>Outcomes of all runs</h2>
      {error ? <ErrorNotice error={error} /> : null}
      <p className={styles.lead}>
        <Link to="/dead-letters">Look at what was set aside</Link>
        <Link to="/dead-letters" search={{ tab: "outcomes" }}>
          What the reasons mean, and when it happened
        </Link>
      </p>
      {rows?.length === 0 ? <p className={section.none}>No record has been read yet.</p> : null}
      {rows && rows.length > 0 ? (
        <table className={section.table}>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Outcome</th>
              <th scope="col" className={section.number}>
                Records
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.outcome} ${row.group}`}>
                <td>{reasonText(row.group)}</td>
                <td>{outcomeText(row.outcome)}</td>
                <td className={section.number}>{formatCount(row.quantity)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className={section.total}>
              <td colSpan={2}>All</td>
              <td className={section.number}>{formatCount(total)}</td>
            </tr>
          </tfoot>
        </table>
      ) : null}
    </section>
  );
}
