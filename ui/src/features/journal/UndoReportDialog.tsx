import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { skippedReason } from "@/features/triage/words";
import type { UndoConflict, UndoReport } from "@/ipc";
import { formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./UndoReportDialog.module.css";
import type { ReportedUndo } from "./undoMemory";
import { useUndo } from "./useUndo";

/** What an undo left as it was, and why. Where issues were changed again since, it asks whether to overwrite them. */
export function UndoReportDialog() {
  const { undo } = useServices();
  const shown = useValue(undo.report);
  return shown ? <Report key={shown.entry} shown={shown} /> : null;
}

function Report({ shown }: { shown: ReportedUndo }) {
  const { undo } = useServices();
  const { overwrite } = useUndo();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { report, title, again } = shown;
  const { conflict_count: conflicts, hashes_taken, not_restored } = report;
  const close = () => undo.report.set(null);
  const insist = () => {
    setBusy(true);
    setError(null);
    overwrite(shown).catch((problem: unknown) => {
      setBusy(false);
      setError(problem);
    });
  };
  return (
    <Dialog
      open
      onClose={close}
      title={`${again ? "Do again" : "Take back"}: ${title}`}
      footer={
        <>
          <Button data-autofocus="" onClick={close}>
            {conflicts > 0 ? `Leave ${conflicts === 1 ? "it" : "them"} as now` : "Close"}
          </Button>
          {conflicts > 0 ? (
            <Button kind="danger" disabled={busy} data-testid={testIds.undoOverwrite} onClick={insist}>
              {busy ? "Overwriting…" : `Overwrite ${formatCount(conflicts)}`}
            </Button>
          ) : null}
        </>
      }
    >
      <div className={styles.report} data-testid={testIds.undoReport} data-conflicts={conflicts}>
        <p>{restoredWords(report)}</p>
        {error ? <ErrorNotice error={error} onRetry={insist} /> : null}
        <Conflicts conflicts={report.conflicts} count={conflicts} onLeave={close} />
        <Part title="Restored, but part of what arrives goes to a newer issue">
          {hashes_taken.map(({ id, short_id, now }) => (
            <li key={`${id} ${now}`}>
              <strong>{short_id}</strong>: a fingerprint of it now leads to <strong>{now}</strong> and stays
              there
            </li>
          ))}
        </Part>
        <Part title="Not restored">
          {not_restored.map(({ id, reason }) => (
            <li key={id}>
              Issue {id}: {skippedReason(reason)}
            </li>
          ))}
        </Part>
      </div>
    </Dialog>
  );
}

function restoredWords({ restored, conflict_count: conflicts }: UndoReport): string {
  const left =
    conflicts === 0
      ? ""
      : ` ${plural(conflicts, "issue")} ${conflicts === 1 ? "was" : "were"} changed again later and ${conflicts === 1 ? "was" : "were"} left alone.`;
  if (restored === 0) return `Nothing was taken back.${left}`;
  return `${plural(restored, "issue")} ${restored === 1 ? "is" : "are"} as before.${left}`;
}

interface ConflictsProps {
  /** The first of them. */
  conflicts: readonly UndoConflict[];
  count: number;
  onLeave: () => void;
}

/** What stands now, and what overwriting would make of it. */
function Conflicts({ conflicts, count, onLeave }: ConflictsProps) {
  if (count === 0) return null;
  const further = count - conflicts.length;
  return (
    <>
      <div
        className={styles.scroll}
        role="region"
        aria-label="Issues that were changed again"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls has to be reachable
        tabIndex={0}
      >
        <table className={styles.conflicts}>
          <thead>
            <tr>
              <th scope="col">Issue</th>
              <th scope="col">Now</th>
              <th scope="col">If overwritten</th>
            </tr>
          </thead>
          <tbody>
            {conflicts.map((conflict) => (
              <tr key={conflict.id}>
                <th scope="row">
                  <Link to="/issue/$id" params={{ id: conflict.id }} onClick={onLeave}>
                    {conflict.short_id}
                  </Link>
                  <span className={styles.title}>{conflict.title}</span>
                </th>
                <td>
                  {conflict.differences.map(({ what, now }) => (
                    <Property key={what} what={what} value={now} />
                  ))}
                </td>
                <td>
                  {conflict.differences.map(({ what, before }) => (
                    <Property key={what} what={what} value={before} />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {further > 0 ? <p className={styles.note}>and {plural(further, "more issue", "more issues")}</p> : null}
      <p className={styles.note}>
        Overwriting is an entry of the journal, too, and can be taken back like any other.
      </p>
    </>
  );
}

function Property({ what, value }: { what: string; value: string }) {
  return (
    <span className={styles.property}>
      <span className={styles.what}>{what}</span> {value}
    </span>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}
