import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { PREVIEW_WIDTHS, preferences, usePreferences } from "@/app/preferences";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { badgesOf } from "@/components/badges";
import { ErrorNotice } from "@/components/ErrorNotice";
import { IconButton } from "@/components/IconButton";
import { LevelGlyph } from "@/components/LevelGlyph";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { IssueChart } from "@/features/issue/IssueChart";
import { oneIssue } from "@/features/triage/subject";
import { TriageBar } from "@/features/triage/TriageBar";
import { TriageLayer } from "@/features/triage/TriageLayer";
import type { ChangeListener } from "@/features/triage/useIssueChange";
import { useTriage } from "@/features/triage/useTriage";
import type { IssueRow } from "@/ipc";
import { KeyCaps } from "@/keyboard/KeyCaps";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue, type ValueStore } from "@/lib/valueStore";
import { lastCrumbs, topFrames } from "./eventFacts";
import styles from "./PreviewPanel.module.css";

/** Rest of the cursor before an issue is read: holding a key down should not read every issue on the way. */
const REST_MS = 80;
const TAGS = 8;
/** Pixels an arrow key moves the edge by. */
const RESIZE_STEP = 20;

interface PreviewPanelProps {
  /** Issue under the cursor. */
  cursor: ValueStore<string | null>;
  onChanged: ChangeListener;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** A look at the issue under the cursor beside the list. */
export function PreviewPanel({ cursor, onChanged, onOpen, onClose }: PreviewPanelProps) {
  const { rows } = useServices();
  const { previewWidth } = usePreferences();
  const id = useRested(useValue(cursor));
  return (
    <aside
      className={styles.panel}
      style={{ width: previewWidth }}
      aria-label="Preview"
      data-region="preview"
      data-testid={testIds.preview}
      data-issue-id={id ?? undefined}
    >
      <Edge width={previewWidth} />
      <div className={styles.tools}>
        {id === null ? null : (
          <Button kind="quiet" onClick={() => onOpen(id)}>
            Open <KeyCaps keys="Enter" />
          </Button>
        )}
        <IconButton label="Close the preview" keys="Space" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </div>
      {id === null ? (
        <p className={styles.none}>Pick an issue.</p>
      ) : (
        <Content key={id} id={id} known={rows.get(id)} onChanged={onChanged} />
      )}
    </aside>
  );
}

function useRested(value: string | null): string | null {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** The edge between list and panel: dragged, or moved by arrows. */
function Edge({ width }: { width: number }) {
  const resize = (next: number) =>
    preferences.change({
      previewWidth: Math.min(PREVIEW_WIDTHS.most, Math.max(PREVIEW_WIDTHS.least, Math.round(next))),
    });
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the preview"
      aria-valuenow={width}
      aria-valuemin={PREVIEW_WIDTHS.least}
      aria-valuemax={PREVIEW_WIDTHS.most}
      tabIndex={0}
      data-keeps-arrows=""
      className={styles.edge}
      onKeyDown={(event) => {
        const step = { ArrowLeft: RESIZE_STEP, ArrowRight: -RESIZE_STEP }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        resize(width + step);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? 0;
        resize(right - event.clientX);
      }}
    />
  );
}

interface ContentProps {
  id: string;
  /** The row of the list, shown until the rest is read. */
  known: IssueRow | undefined;
  onChanged: ChangeListener;
}

function Content({ id, known, onChanged }: ContentProps) {
  const { host } = useServices();
  const [asTable, setAsTable] = useState(false);
  const now = useNow();
  const detail = useQuery(asks.issue(host, id));
  const occurrence = useQuery(asks.occurrence(host, id, { kind: "newest" }));
  const row = detail.data?.row ?? known;
  const subject = row ? oneIssue(id, row) : undefined;
  const triage = useTriage({ subject: () => subject ?? null, known: subject, scope: "issue", onChanged });
  const body = occurrence.data?.event_json ?? null;
  const frames = topFrames(body);
  const crumbs = lastCrumbs(body);
  const error = detail.error ?? occurrence.error;
  return (
    <div className={styles.content}>
      <ProgressLine busy={detail.isFetching || occurrence.isFetching} label="Reading the issue" />
      {row ? (
        <>
          <h2 className={styles.title}>
            <LevelGlyph level={row.level} size={14} /> {row.title}
          </h2>
          {row.subtitle ? <p className={styles.subtitle}>{row.subtitle}</p> : null}
          <p className={styles.badges}>
            {badgesOf(row).map((badge) => (
              <Badge
                key={badge.kind}
                badge={badge}
                value={badge.kind === "priority" ? row.priority : (row.substatus ?? row.status)}
              />
            ))}
            <span className={styles.facts}>
              {row.short_id} · {row.project}
              {row.culprit ? ` · ${row.culprit}` : ""}
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
                <span className={styles.place}>{frame.place}</span>
                {frame.function ? <span className={styles.facts}> in {frame.function}</span> : null}
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
                <span className={styles.facts}>{key}</span> {value}
              </li>
            ))}
          </Part>
        </>
      ) : null}
      <TriageLayer triage={triage} />
    </div>
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
