import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useUndoRun } from "@/features/journal/useUndoRun";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { formatSpan, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./TriageScreen.module.css";
import { passedIssues, startRun, summarize, type TriageRun } from "./triageRun";
import { STEP_BACK, useStepBack } from "./useStepBack";

/** What a run came to: one way to take all of it back, and what has arrived in the meantime. */
export function TriageEnd({ run }: { run: TriageRun }) {
  const { host, triageRun, announcer, inbox } = useServices();
  const navigate = useNavigate();
  const undoRun = useUndoRun();
  const main = useRef<HTMLElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { done, skipped, left, kinds, journals } = summarize(run);
  const { takenBack } = run;
  const arrived = useQuery({
    queryKey: ["triage-arrived", run.query, run.revision],
    queryFn: () => host.issueChanges(run.query, { revision: run.revision, total: run.total, list: run.list }),
    gcTime: 0,
  }).data?.added;

  const spent = formatSpan(Math.max(0, (run.endedAt ?? run.startedAt) - run.startedAt));
  const said = `${plural(done, "issue")} decided, ${skipped} skipped, in ${spent}`;
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
    announcer.say(said, "place");
  }, [announcer, said]);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const leave = () => {
    triageRun.set(null);
    void navigate(inbox.link());
  };
  const undoAll = () =>
    void attempt(async () => {
      await undoRun(journals, plural(done, "decision"));
      triageRun.set((now) => now && { ...now, takenBack: true });
    });
  const goOn = () =>
    void attempt(async () => {
      const { query, sort, grouping } = run;
      const snapshot = await host.issueSnapshot(query, sort);
      const known = new Set(run.whole ? run.ids : passedIssues(run));
      const ids = snapshot.ids.filter((id) => !known.has(id));
      const list = { query, sort, grouping, snapshot: { ...snapshot, ids } };
      triageRun.set(startRun(list, run.title, 0, Date.now()));
    });
  const back = useStepBack(run);
  useActions([
    { ...fromCatalogue("triage-mode.leave"), run: leave },
    // After the last issue as after any other; what was taken back as a whole has nothing to go back to.
    ...(back && !takenBack && !busy ? [{ ...fromCatalogue("undo"), title: STEP_BACK, run: back }] : []),
  ]);

  return (
    <section
      ref={main}
      tabIndex={-1}
      className={styles.end}
      aria-label="What this run came to"
      data-testid={testIds.triageEnd}
      data-done={done}
      data-skipped={skipped}
    >
      <h1 className={styles.heading}>Triage · {run.title}</h1>
      <p className={styles.sum}>{said}.</p>
      {kinds.length > 0 ? (
        <ul>
          {kinds.map(({ words, count }) => (
            <li key={words}>
              {plural(count, "issue")} {words}
            </li>
          ))}
        </ul>
      ) : null}
      {left > 0 ? <p className={styles.progress}>{plural(left, "issue")} not looked at.</p> : null}
      {error ? (
        <div className={styles.notice}>
          <ErrorNotice error={error} />
        </div>
      ) : null}
      <div className={styles.tools}>
        <Button kind="primary" data-testid={testIds.triage("leave")} onClick={leave}>
          Back to the list
        </Button>
        {arrived || (left > 0 && !run.whole) ? (
          <Button disabled={busy} data-testid={testIds.triage("go-on")} onClick={goOn}>
            {run.whole
              ? `Go on with ${plural(arrived ?? 0, "new issue")}`
              : "Go on with the list as it is now"}
          </Button>
        ) : null}
        {journals.length > 0 ? (
          <Button disabled={busy || takenBack} data-testid={testIds.triage("undo-run")} onClick={undoAll}>
            {takenBack ? "Taken back" : `Take back all ${done}`}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
