import { Info, OctagonX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./Notice.module.css";

/** How much it matters: good to know, something waits, nothing goes on. */
export type Severity = "note" | "waiting" | "stopped";

const ICONS = { note: Info, waiting: TriangleAlert, stopped: OctagonX };

interface NoticeProps {
  kind: string;
  severity: Severity;
  title: string;
  text: ReactNode;
  testId: string;
  /** Buttons behind the text. */
  children?: ReactNode;
}

/** A line above the status bar that stays for as long as something holds for the whole window. */
export function Notice({ kind, severity, title, text, testId, children }: NoticeProps) {
  const Icon = ICONS[severity];
  return (
    <section
      className={styles.notice}
      aria-label={title}
      data-testid={testId}
      data-kind={kind}
      data-severity={severity}
    >
      <Icon size={16} className={styles.icon} aria-hidden="true" />
      <p className={styles.text}>
        <strong>{title}</strong> {text}
      </p>
      {children}
    </section>
  );
}
