import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { skippedReason } from "@/features/triage/words";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./UndoReportDialog.module.css";

/** Which issues an undo left as they were, and why. */
export function UndoReportDialog() {
  const { undo } = useServices();
  const shown = useValue(undo.report);
  const close = () => undo.report.set(null);
  if (!shown) return null;
  const { restored, conflicts, hashes_taken, not_restored } = shown.report;
  return (
    <Dialog
      open
      onClose={close}
      title={`Taken back: ${shown.title}`}
      footer={
        <Button data-autofocus="" onClick={close}>
          Close
        </Button>
      }
    >
      <div className={styles.report} data-testid={testIds.undoReport}>
        <p>
          {plural(restored, "issue")} {restored === 1 ? "is" : "are"} as before.
        </p>
        <Part title="Changed again later, left so">
          {conflicts.map(({ id, short_id, words }) => (
            <li key={id}>
              <strong>{short_id}</strong>: {words}
            </li>
          ))}
        </Part>
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

function Part({ title, children }: { title: string; children: React.ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}
