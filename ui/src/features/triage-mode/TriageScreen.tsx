import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { listSearch } from "@/app/place";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { useIssueExport } from "@/features/export/useIssueExport";
import { useDropRows } from "@/features/inbox/useDropRows";
import { useMarkSeen } from "@/features/issue/useMarkSeen";
import { IssueGlance } from "@/features/preview/IssueGlance";
import { SimilarLine } from "@/features/similar/SimilarLine";
import { SIMILAR_FROM } from "@/features/similar/similarWords";
import { oneIssue, pairOf } from "@/features/triage/subject";
import { type ChangeListener, useIssueChange } from "@/features/triage/useIssueChange";
import { useTriage } from "@/features/triage/useTriage";
import { fromCatalogue } from "@/keyboard/catalogue";
import { ActionCaps } from "@/keyboard/KeyCaps";
import type { Action } from "@/keyboard/keyboard";
import { useActions } from "@/keyboard/useActions";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount, formatSpan } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import { TriageEnd } from "./TriageEnd";
import styles from "./TriageScreen.module.css";
import { currentIssue, decide, decides, endRun, summarize, type TriageRun } from "./triageRun";
import { STEP_BACK, useStepBack } from "./useStepBack";

/** Triage mode: the issues of a list one at a time, in an order that stands still. Every decision leads to the next. */
export function TriageScreen() {
  const { host, triageRun, inbox } = useServices();
  const navigate = useNavigate();
  const run = useValue(triageRun);
  const start = useKeymap().words("inbox.triage");
  const opening = useQuery(asks.appInfo(host)).isPending;
  // A run of the last time is known once it is known which store is open.
  if (!run && opening) return <ProgressLine busy label="Opening the store" />;
  if (!run) {
    return (
      <EmptyState
        title="Nothing to go through"
        actions={<Button onClick={() => void navigate(inbox.link())}>Back to the list</Button>}
      >
        <p>
          Open a list and {start === null ? "go through it from the palette" : `press ${start}`}: its issues
          are shown one at a time from the row with the cursor on.
        </p>
      </EmptyState>
    );
  }
  const issue = currentIssue(run);
  return issue === null ? <TriageEnd run={run} /> : <Step key={issue} run={run} issue={issue} />;
}

/** One issue of a run. */
function Step({ run, issue }: { run: TriageRun; issue: string }) {
  const { host, rows, triageRun, announcer } = useServices();
  const navigate = useNavigate();
  const drop = useDropRows(run);
  const main = useRef<HTMLElement>(null);
  const known = rows.get(issue);
  const detail = useQuery(asks.issue(host, issue));
  const row = detail.data?.row ?? known;
  const subject = row ? oneIssue(issue, row) : undefined;

  const place = `${formatCount(run.at + 1)} of ${formatCount(run.length)}`;
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
    announcer.say(`Issue ${place}`, "place");
  }, [announcer, place]);

  const onChanged: ChangeListener = (changed) => {
    const takeBack = drop(changed);
    if (decides(changed.change)) {
      const { change, journal } = changed;
      triageRun.set((now) => now && decide(now, issue, { change: change.kind, journal }, Date.now()));
    }
    return takeBack;
  };
  const { run: change } = useIssueChange(onChanged);
  const similar = useQuery(asks.similar(host, issue));
  const triage = useTriage({ subject: () => subject ?? null, known: subject, scope: "issue", onChanged });
  useMarkSeen(issue, detail.data?.row, triage.blocked !== null);

  const skip = () =>
    triageRun.set((now) => now && decide(now, issue, { change: null, journal: null }, Date.now()));
  const back = useStepBack(run);
  const end = () => {
    // Without a decision there is nothing to sum up.
    if (run.decisions.length > 0) triageRun.set((now) => now && endRun(now, Date.now()));
    else {
      triageRun.set(null);
      const { query: q, sort, grouping: group } = run;
      void navigate({ to: "/inbox", search: listSearch({ q, sort, group }) });
    }
  };
  // One level down: Esc leads back here, and not to the list.
  const details = () =>
    void navigate({ to: "/issue/$id", params: { id: issue }, state: { fromTriage: true } });
  const best = similar.data?.issues[0];
  const target = best && best.score >= SIMILAR_FROM ? best.row : undefined;
  const noMerge =
    triage.blocked ?? (target ? null : similar.isPending ? "looking for one" : "no issue is like it");
  const merge = () => {
    if (!subject || !target || noMerge !== null) return;
    void change(pairOf(subject, target), { kind: "merge", into: target.id });
  };
  const mergeTitle = target ? `Merge into ${target.short_id}` : "Merge into a similar issue";
  const own: Action[] = [
    {
      ...fromCatalogue("triage-mode.merge"),
      title: mergeTitle,
      unavailable: noMerge,
      run: merge,
    },
    { ...fromCatalogue("triage-mode.skip"), run: skip },
    {
      // In the place of the journal's: going back shows the issue again, too.
      ...fromCatalogue("undo"),
      title: STEP_BACK,
      unavailable: back ? null : "this is the first one",
      run: back ?? (() => undefined),
    },
    { ...fromCatalogue("triage-mode.details"), run: details },
    {
      ...fromCatalogue("triage-mode.end"),
      run: end,
    },
  ];
  const exporting = useIssueExport(subject, "the issue is still being read");
  useActions([...triage.actions, ...own, ...exporting.actions]);

  return (
    <section
      ref={main}
      tabIndex={-1}
      className={styles.screen}
      aria-label={`Triage of ${run.title}: ${place}`}
      data-testid={testIds.triageScreen}
      data-issue-id={issue}
      data-place={run.at + 1}
      data-total={run.length}
    >
      <header className={styles.head}>
        <h1 className={styles.heading}>Triage · {run.title}</h1>
        <Progress run={run} place={place} />
        <div className={styles.tools}>
          <Button
            aria-disabled={!back || undefined}
            data-testid={testIds.triage("back")}
            onClick={() => back?.()}
          >
            Back <ActionCaps action="undo" />
          </Button>
          <Button
            aria-disabled={noMerge !== null || undefined}
            data-tip={noMerge ?? undefined}
            data-testid={testIds.triage("merge")}
            onClick={merge}
          >
            {mergeTitle} <ActionCaps action="triage-mode.merge" />
          </Button>
          <Button data-testid={testIds.triage("skip")} onClick={skip}>
            Skip <ActionCaps action="triage-mode.skip" />
          </Button>
          <Button onClick={details}>
            Details <ActionCaps action="triage-mode.details" />
          </Button>
          <Button kind="quiet" data-testid={testIds.triage("end")} onClick={end}>
            End <ActionCaps action="triage-mode.end" />
          </Button>
        </div>
      </header>
      <div className={styles.issue}>
        <SimilarLine answer={similar} />
        <IssueGlance id={issue} known={known} triage={triage} />
      </div>
      {exporting.dialog}
    </section>
  );
}

function Progress({ run, place }: { run: TriageRun; place: string }) {
  const now = useNow();
  const { skipped } = summarize(run);
  return (
    <p className={styles.progress}>
      {place} · {formatSpan(Math.max(0, now - run.startedAt))}
      {skipped > 0 ? ` · ${formatCount(skipped)} skipped` : ""}
    </p>
  );
}
