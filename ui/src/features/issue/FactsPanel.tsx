import type { ReactNode } from "react";
import { CopyButton } from "@/components/CopyButton";
import { Value } from "@/features/search/Value";
import type { IssueDetail, OccurrenceDetail } from "@/ipc";
import { formatAge, formatCount, formatExact } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./FactsPanel.module.css";

interface FactsPanelProps {
  detail: IssueDetail | undefined;
  occurrence: OccurrenceDetail | undefined;
}

/** What is known about the issue as a whole, and where the open occurrence came from. */
export function FactsPanel({ detail, occurrence }: FactsPanelProps) {
  return (
    <aside className={styles.panel} aria-label="Facts" data-region="facts">
      {detail ? <IssueFacts detail={detail} /> : null}
      {occurrence ? <Origin occurrence={occurrence} /> : null}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Seen({ time, release }: { time: number; release: string | null }) {
  return (
    <>
      <time dateTime={new Date(time).toISOString()}>{formatExact(time)}</time>
      <span className={styles.quiet}>
        {formatAge(time, Date.now())} ago
        {release ? (
          <>
            {" · "}
            <Value field="release" value={release} />
          </>
        ) : null}
      </span>
    </>
  );
}

function IssueFacts({ detail }: { detail: IssueDetail }) {
  const { row } = detail;
  const kept = detail.stored_occurrences;
  return (
    <section>
      <h2 className={styles.heading}>Issue</h2>
      <dl className={styles.facts}>
        <Fact name="First seen">
          <Seen time={row.first_seen} release={detail.first_release} />
        </Fact>
        <Fact name="Last seen">
          <Seen time={row.last_seen} release={detail.last_release} />
        </Fact>
        <Fact name="Events">
          {formatCount(row.times_seen)}
          {kept < row.times_seen ? (
            <span className={styles.quiet}>{formatCount(kept)} can be opened</span>
          ) : null}
        </Fact>
        <Fact name="Environments">
          {detail.environments.length === 0 ? "–" : null}
          {detail.environments.map((name) => (
            <Value key={name} field="environment" value={name} className={styles.value}>
              {name === "" ? "(none)" : name}
            </Value>
          ))}
        </Fact>
        <Fact name="Platform">
          {row.platform ? <Value field="platform.name" value={row.platform} className={styles.value} /> : "–"}
        </Fact>
        <Fact name="Priority">{row.priority}</Fact>
        <Fact name="Labels">{row.labels.join(", ") || "–"}</Fact>
      </dl>
      <h3 className={styles.subheading}>
        {detail.hashes.length === 1 ? "Grouping hash" : "Grouping hashes"}
      </h3>
      {detail.hashes.map((hash) => (
        <div key={hash} className={styles.hash}>
          <code>{hash}</code>
          <CopyButton text={hash} label="Copy the hash" iconOnly />
        </div>
      ))}
    </section>
  );
}

function Origin({ occurrence }: { occurrence: OccurrenceDetail }) {
  const { origin } = occurrence;
  return (
    <section className={styles.origin} data-testid={testIds.origin}>
      <h2 className={styles.heading}>Where it came from</h2>
      <dl className={styles.facts}>
        <Fact name="Source">{origin.source}</Fact>
        <Fact name="Topic">
          <code>{origin.topic}</code>
        </Fact>
        <Fact name="Partition">
          <code>{origin.partition}</code>
        </Fact>
        <Fact name="Offset">
          <code>{origin.offset}</code>
        </Fact>
        <Fact name="Key">{origin.key === null ? "none" : <code>{origin.key}</code>}</Fact>
        <Fact name="Stored">
          <time dateTime={new Date(origin.stored_at).toISOString()}>{formatExact(origin.stored_at)}</time>
        </Fact>
        <Fact name="Event id">
          <code>{occurrence.event_id}</code>
        </Fact>
        {occurrence.resource_id ? (
          <Fact name="Resource">
            <code>{occurrence.resource_id}</code>
          </Fact>
        ) : null}
      </dl>
    </section>
  );
}
