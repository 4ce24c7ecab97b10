import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import styles from "./ErrorNotice.module.css";
import { errorWords } from "./errorWords";

interface ErrorNoticeProps {
  error: unknown;
  /** What failed, where whoever shows it knows that better than the kind of the error tells. */
  what?: string | undefined;
  onRetry?: () => void;
}

/** Says what failed, why, and what to do now. */
export function ErrorNotice({ error, what, onRetry }: ErrorNoticeProps) {
  const { title, message, next, details, retryable } = errorWords(error);
  return (
    <div className={styles.notice} role="alert">
      <TriangleAlert size={16} className={styles.icon} aria-hidden="true" />
      <div>
        <p className={styles.title}>{what ?? title}</p>
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
