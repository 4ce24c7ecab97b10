import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { asks, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { ErrorNotice } from "@/components/ErrorNotice";
import type { JsonViewerHandle } from "@/components/json/JsonViewer";
import { ProgressLine } from "@/components/ProgressLine";
import { useCopyActions } from "@/features/export/useCopyActions";
import { useIssueExport } from "@/features/export/useIssueExport";
import { oneIssue } from "@/features/triage/subject";
import { TriageLayer } from "@/features/triage/TriageLayer";
import { useTriage } from "@/features/triage/useTriage";
import type { OccurrencePosition } from "@/ipc";
import { useActions } from "@/keyboard/useActions";
import { ActivitySection } from "./ActivitySection";
import { FactsPanel } from "./FactsPanel";
import { IssueChart } from "./IssueChart";
import { IssueHeader } from "./IssueHeader";
import styles from "./IssueScreen.module.css";
import { useIssueActions } from "./issueActions";
import { OccurrenceBar } from "./OccurrenceBar";
import { OccurrenceView } from "./OccurrenceView";
import { useMarkSeen } from "./useMarkSeen";
import { useOccurrence } from "./useOccurrence";
import { useQueue } from "./useQueue";

const route = getRouteApi("/issue/$id");

/** Time between two readings of an issue that keeps happening. */
const REREAD_MS = 2_000;

/** One issue: what it is, when it happened, and its occurrences one at a time. */
export function IssueScreen() {
  const { id } = route.useParams();
  const { occ } = route.useSearch();
  const { host, rows } = useServices();
  const queries = useQueryClient();
  const detail = useQuery(asks.issue(host, id));
  const queue = useQueue(id);
  const viewer = useRef<JsonViewerHandle>(null);
  const main = useRef<HTMLDivElement>(null);
  const activity = useRef<HTMLHeadingElement>(null);
  const [chartAsTable, setChartAsTable] = useState(false);

  const position: OccurrencePosition = occ === undefined ? { kind: "newest" } : { kind: "exact", id: occ };
  const occurrence = useOccurrence(id, position);

  const reread = useCallback(() => {
    if (document.hidden) return;
    void queries.invalidateQueries({ queryKey: asks.issue(host, id).queryKey });
    void queries.invalidateQueries({ queryKey: ["activities", id] });
  }, [queries, host, id]);
  useStoreChange(reread, REREAD_MS);

  // Another issue starts at its top, with the keyboard on the screen and not on a control that is gone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each issue
  useEffect(() => {
    main.current?.scrollTo?.(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [id]);

  // The list already knows the head of the issue; it is shown while the rest is read.
  const row = detail.data?.row ?? rows.get(id);
  const subject = row ? oneIssue(id, row) : undefined;
  const triage = useTriage({
    subject: () => subject ?? null,
    known: subject,
    scope: "issue",
    onChanged: ({ gone }) => {
      if (gone.includes(id)) queue.leave();
      return undefined;
    },
  });
  useMarkSeen(id, detail.data?.row, triage.blocked !== null);

  const issueActions = useIssueActions({
    queue,
    occurrence: occurrence.data,
    goTo: occurrence.goTo,
    find: () => viewer.current?.find(),
    toggleTable: () => setChartAsTable((was) => !was),
    showActivity: () => {
      activity.current?.scrollIntoView?.({ block: "start" });
      activity.current?.focus({ preventScroll: true });
    },
  });
  const exporting = useIssueExport(subject, "there is nothing to export");
  const copying = useCopyActions(() => subject ?? null);
  useActions([...issueActions, ...triage.actions, ...exporting.actions, ...copying]);

  return (
    <div className={styles.issue}>
      {row ? <IssueHeader row={row} detail={detail.data} queue={queue} triage={triage} /> : null}
      <ProgressLine busy={detail.isFetching && !detail.data} label="Reading the issue" />
      {detail.error ? (
        <div className={styles.notice}>
          <ErrorNotice error={detail.error} onRetry={() => void detail.refetch()} />
        </div>
      ) : null}
      <div className={styles.columns}>
        <div className={styles.main} ref={main} tabIndex={-1} data-region="issue" data-region-focus="">
          {detail.data ? (
            <IssueChart hours={detail.data.hours} asTable={chartAsTable} onTable={setChartAsTable} />
          ) : (
            <div className={styles.chartSpace} />
          )}
          <OccurrenceBar occurrence={occurrence.data} goTo={occurrence.goTo} />
          <ProgressLine busy={occurrence.isFetching} label="Reading the occurrence" />
          {occurrence.error ? (
            <div className={styles.notice}>
              <ErrorNotice error={occurrence.error} onRetry={() => void occurrence.refetch()} />
            </div>
          ) : null}
          {occurrence.data ? <OccurrenceView occurrence={occurrence.data} viewer={viewer} /> : null}
          <ActivitySection id={id} ref={activity} />
        </div>
        <FactsPanel detail={detail.data} occurrence={occurrence.data} />
      </div>
      <TriageLayer triage={triage} />
      {exporting.dialog}
    </div>
  );
}
