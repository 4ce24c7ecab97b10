import { ErrorNotice } from "@/components/ErrorNotice";
import type { OutcomeRow } from "@/ipc";
import { formatCount } from "@/lib/format";
import { reasonText } from "./reasons";
import section from "./section.module.css";

/** How all records of this store ended, over all runs. */
export function Outcomes({ rows, error }: { rows: readonly OutcomeRow[] | undefined; error: unknown }) {
  const total = rows?.reduce((sum, row) => sum + row.quantity, 0) ?? 0;
  return (
    <section className={section.section}>
      <h2 className={section.heading}>Outcomes of all runs</h2>
      {error ? <ErrorNotice error={error} /> : null}
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
                <td>{reasonText(row.outcome)}</td>
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
