import type { Ref } from "react";
import { EmptyState } from "@/components/EmptyState";
import { JsonViewer, type JsonViewerHandle } from "@/components/json/JsonViewer";
import { Value } from "@/features/search/Value";
import { tagKey } from "@/features/search/valueTerms";
import type { EvidenceRow, OccurrenceDetail, TagPair } from "@/ipc";
import { cx } from "@/lib/classNames";
import { testIds } from "@/lib/testIds";
import styles from "./OccurrenceView.module.css";

/** What one occurrence carries: evidence, tags, the event itself. */
export function OccurrenceView({
  occurrence,
  viewer,
}: {
  occurrence: OccurrenceDetail;
  viewer: Ref<JsonViewerHandle>;
}) {
  return (
    <>
      {occurrence.evidence.length > 0 ? <Evidence rows={occurrence.evidence} /> : null}
      <Tags tags={occurrence.tags} />
      {occurrence.evidence_data ? <JsonViewer text={occurrence.evidence_data} label="Evidence data" /> : null}
      {occurrence.event_json ? (
        <JsonViewer ref={viewer} text={occurrence.event_json} label="Event" testId={testIds.eventJson} />
      ) : (
        <EmptyState title="No event body">
          This occurrence came without an event. What is known about it is shown above and on the right.
        </EmptyState>
      )}
    </>
  );
}

/** Evidence in the sender's order, except that what the sender marked as important leads. */
function Evidence({ rows }: { rows: readonly EvidenceRow[] }) {
  const ordered = [...rows.filter((row) => row.important), ...rows.filter((row) => !row.important)];
  return (
    <section className={styles.section} data-testid={testIds.evidence}>
      <h2 className={styles.heading}>Evidence</h2>
      <table className={styles.table}>
        <tbody>
          {ordered.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: senders may repeat a name
            <tr key={at} className={cx(row.important && styles.important)}>
              <th scope="row">{row.name}</th>
              <td>{row.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Tags({ tags }: { tags: readonly TagPair[] }) {
  return (
    <section className={styles.section} data-testid={testIds.tags}>
      <h2 className={styles.heading}>Tags</h2>
      {tags.length === 0 ? (
        <p className={styles.none}>This occurrence has no tags.</p>
      ) : (
        <dl className={styles.tags}>
          {tags.map((tag) => (
            <div key={`${tag.key}\n${tag.value}`} className={styles.tag}>
              <dt>{tag.key}</dt>
              <dd>
                <Value field={tagKey(tag.key)} value={tag.value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
