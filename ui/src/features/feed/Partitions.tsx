import section from "@/components/section.module.css";
import type { PartitionStatus } from "@/ipc";
import { cx } from "@/lib/classNames";
import { formatCount, formatRate } from "@/lib/format";

/** Lag above which a partition is pointed out. */
const NOTABLE_LAG = 1_000;

/** Progress partition by partition, with the sum. */
export function Partitions({ partitions }: { partitions: readonly PartitionStatus[] }) {
  const known = partitions.filter((partition) => partition.lag !== null);
  const lag = known.reduce((sum, partition) => sum + (partition.lag ?? 0), 0);
  const rate = partitions.reduce((sum, partition) => sum + partition.rate, 0);
  return (
    <section className={section.section}>
      <h2 className={section.heading}>Partitions</h2>
      <table className={section.table}>
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <th scope="col" className={section.number}>
              Partition
            </th>
            <th scope="col" className={section.number}>
              Next offset
            </th>
            <th scope="col" className={section.number}>
              End
            </th>
            <th scope="col" className={section.number}>
              Lag
            </th>
            <th scope="col" className={section.number}>
              Records/s
            </th>
          </tr>
        </thead>
        <tbody>
          {partitions.map((partition) => (
            <tr key={`${partition.topic} ${partition.partition}`}>
              <td className={section.mono}>{partition.topic}</td>
              <td className={section.number}>{partition.partition}</td>
              <td className={cx(section.number, section.mono)}>{partition.next_offset}</td>
              <td className={cx(section.number, section.mono)}>{partition.high ?? "unknown"}</td>
              <td className={cx(section.number, (partition.lag ?? 0) > NOTABLE_LAG && section.lagging)}>
                {partition.lag === null ? "unknown" : formatCount(partition.lag)}
              </td>
              <td className={section.number}>{formatRate(partition.rate)}</td>
            </tr>
          ))}
        </tbody>
        {partitions.length > 1 ? (
          <tfoot>
            <tr className={section.total}>
              <td colSpan={4}>
                {known.length === partitions.length
                  ? "All partitions"
                  : `Lag of ${known.length} of ${partitions.length} partitions`}
              </td>
              <td className={section.number}>{known.length === 0 ? "unknown" : formatCount(lag)}</td>
              <td className={section.number}>{formatRate(rate)}</td>
            </tr>
          </tfoot>
        ) : null}
      </table>
    </section>
  );
}
