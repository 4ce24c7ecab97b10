import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Badge } from "@/components/Badge";
import { badgesOf, badgeValue } from "@/components/badges";
import { ErrorNotice } from "@/components/ErrorNotice";
import { LevelGlyph } from "@/components/LevelGlyph";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { IssueChart } from "@/features/issue/IssueChart";
import { Value } from "@/features/search/Value";
import { tagKey } from "@/features/search/valueTerms";
import { TriageBar } from "@/features/triage/TriageBar";
import { TriageLayer } from "@/features/triage/TriageLayer";
import type { Triage } from "@/features/triage/useTriage";
import type { IssueRow } from "@/ipc";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { lastCrumbs } from "./eventFacts";
import styles from "./PreviewPanel.module.css";

const TAGS = 8;
const FRAMES = 5;

interface IssueGlanceProps {
  id: string;
  /** The row of the list, shown until the rest is read. */
  known: IssueRow | undefined;
  /** What its buttons do. */
  triage: Triage;
}

/** What decides about an issue in most cases: what it is, when it happened, where, and what came before. */
export function IssueGlance({ id, known, triage }: IssueGlanceProps) {
  const { host } = useServices();
  const [asTable, setAsTable] = useState(false);
  const now = useNow();
  const detail = useQuery(asks.issue(host, id));
  const occurrence = useQuery(asks.occurrence(host, id, { kind: "newest" }));
  const row = detail.data?.row ?? known;
  const frames = occurrence.data?.top_frames.slice(0, FRAMES) ?? [];
  const crumbs = lastCrumbs(occurrence.data?.event_json ?? null);
  const error = detail.error ?? occurrence.error;
  return (
    <>
      <ProgressLine busy={detail.isFetching || occurrence.isFetching} label="Reading the issue" />
      {row ? (
        <>
          <h2 className={styles.title}>
            <Value field="level" value={row.level}>
              <LevelGlyph level={row.level} size={14} />
            </Value>{" "}
            {row.title}
          </h2>
          {row.subtitle ? <p className={styles.subtitle}>{row.subtitle}</p> : null}
          <p className={styles.badges}>
            {badgesOf(row).map((badge) => (
              <Badge key={badge.kind} badge={badge} value={badgeValue(badge, row)} />
            ))}
            <span className={styles.facts}>
              {row.short_id} · <Value field="project" value={row.project} />
              {row.culprit ? (
                <>
                  {" · "}
                  <Value field="culprit" value={row.culprit} />
                </>
              ) : null}
            </span>
          </p>
          <TriageBar row={row} triage={triage} />
          <dl className={styles.numbers}>
            <Fact name="Events">{formatCount(row.times_seen)}</Fact>
            <Fact name="Users">{row.users === null ? "–" : formatCount(row.users)}</Fact>
            <Fact name="First">
              <When time={row.first_seen} now={now} />
            </Fact>
            <Fact name="Last">
              <When time={row.last_seen} now={now} />
            </Fact>
          </dl>
        </>
      ) : null}
      {error ? (
        <ErrorNotice
          error={error}
          onRetry={() => {
            void detail.refetch();
            void occurrence.refetch();
          }}
        />
      ) : null}
      {detail.data ? <IssueChart hours={detail.data.hours} asTable={asTable} onTable={setAsTable} /> : null}
      {occurrence.data ? (
        <>
          <Part title="Stack" empty="This occurrence has no stack.">
            {frames.map((frame, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a frame's place is its identity
              <li key={at} className={styles.frame}>
                {frame.named_by ? (
                  <Value field={frame.named_by.key} value={frame.named_by.value} className={styles.place}>
                    {frame.place}
                  </Value>
                ) : (
                  frame.place
                )}
                {frame.function ? (
                  <span className={styles.facts}>
                    {" in "}
                    <Value field="stack.function" value={frame.function} />
                  </span>
                ) : null}
              </li>
            ))}
          </Part>
          {crumbs.length > 0 ? (
            <Part title="Before it">
              {crumbs.map((crumb, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a breadcrumb's place is its identity
                <li key={at}>
                  <span className={styles.facts}>{crumb.category}</span> {crumb.message}
                </li>
              ))}
            </Part>
          ) : null}
          <Part title="Tags" empty="No tags.">
            {occurrence.data.tags.slice(0, TAGS).map(({ key, value }) => (
              <li key={key} className={styles.chip}>
                <span className={styles.facts}>{key}</span> <Value field={tagKey(key)} value={value} />
              </li>
            ))}
            {occurrence.data.tags.length > TAGS ? (
              <li
                className={styles.facts}
                data-testid={testIds.moreTags}
                data-tip="The issue itself shows all of them"
              >
                +{formatCount(occurrence.data.tags.length - TAGS)}
              </li>
            ) : null}
          </Part>
        </>
      ) : null}
      <TriageLayer triage={triage} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Part({ title, empty, children }: { title: string; empty?: string; children: React.ReactNode[] }) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      {children.length > 0 ? <ul>{children}</ul> : <p className={styles.facts}>{empty}</p>}
    </section>
  );
}
