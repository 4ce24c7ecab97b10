import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import styles from "./ErrorNotice.module.css";
import { errorWords } from "./errorWords";

/** Says what failed, why, and what to do now. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, message, next, details, retryable } = errorWords(error);
  return (
    <div className={styles.notice} role="alert">
      <TriangleAlert size={16} className={styles.icon} aria-hidden="true" />
      <div>
        <p className={styles.title}>{title}</p>
        <p className={styles.text}>{message}</p>
        {next ? <p className={styles.text}>{next}</p> : null}
        <div className={styles.actions}>
          {onRetry && retryable ? (
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
