import { RotateCw, TriangleAlert } from "lucide-react";
import { HostError } from "@/ipc";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import styles from "./ErrorNotice.module.css";

type Code = HostError["code"];

const TITLES: Record<Code, string> = {
  invalid_query: "The query cannot be run",
  invalid_input: "That does not fit together",
  not_found: "It is gone",
  store_unavailable: "The store cannot be read",
  store_locked: "Another Picket uses this store",
  broker_unreachable: "The broker cannot be reached",
  keyring_unavailable: "The keyring is not available",
  busy: "Something else is running",
  internal: "Something in Picket failed",
};

const NEXT_STEPS: Record<Code, string | null> = {
  invalid_query: "Correct the query at the marked place.",
  invalid_input: null,
  not_found: "It was removed by retention or by a delete. Go back to the list and apply the waiting changes.",
  store_unavailable:
    "Check that the disk is there and has room, then try again. What is shown stays as it was.",
  store_locked: "Close the other window or the command line that writes to it, then try again.",
  broker_unreachable: "Open Connections and run the test: it shows which step fails.",
  keyring_unavailable:
    "Start or unlock the keyring of your desktop and save again, or refer to a variable with env:NAME.",
  busy: "Wait until it has finished, or stop it first.",
  internal: "Try again. If it stays, copy the details into a report.",
};

/** Says what failed, why, and what to do now. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const known = error instanceof HostError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const code = known?.code ?? "internal";
  const details = [`${code}: ${message}`, known?.detail].filter(Boolean).join("\n");
  return (
    <div className={styles.notice} role="alert">
      <TriangleAlert size={16} className={styles.icon} aria-hidden="true" />
      <div>
        <p className={styles.title}>{TITLES[code]}</p>
        <p className={styles.text}>{message}</p>
        {NEXT_STEPS[code] ? <p className={styles.text}>{NEXT_STEPS[code]}</p> : null}
        <div className={styles.actions}>
          {onRetry && known?.retryable !== false ? (
            <Button onClick={onRetry}>
              <RotateCw size={14} aria-hidden="true" /> Try again
            </Button>
          ) : null}
          <CopyButton text={details} label="Copy details" />
        </div>
      </div>
    </div>
  );
}
