import { Check, CircleDashed, X } from "lucide-react";
import { CopyButton } from "@/components/CopyButton";
import type { TestReport, TestStepName } from "@/ipc";
import { cx } from "@/lib/classNames";
import { formatTook } from "@/lib/format";
import styles from "./TestLadder.module.css";

const STATES = {
  ok: { Icon: Check, word: "passed" },
  failed: { Icon: X, word: "failed" },
  skipped: { Icon: CircleDashed, word: "not tried" },
} as const;

const NAMES: Record<TestStepName, string> = {
  settings: "Settings",
  name_lookup: "Name lookup",
  tcp: "TCP",
  login: "TLS and login",
  listeners: "Listeners",
  topic_access: "Topic access",
  first_message: "First message",
};

/** The report as text, for whoever runs the cluster. Carries no secrets, because the steps carry none. */
export function reportText(report: TestReport): string {
  return report.steps
    .flatMap((step, at) => [
      `${at + 1}. ${NAMES[step.name]}: ${STATES[step.state].word} (${formatTook(step.took_ms)})`,
      step.detail && `   ${step.detail}`,
      step.fix && `   → ${step.fix}`,
    ])
    .filter(Boolean)
    .join("\n");
}

/** The steps of a connection test, from settings to the first record. The first failure says what to do. */
export function TestLadder({ report }: { report: TestReport }) {
  const took = report.steps.reduce((sum, step) => sum + step.took_ms, 0);
  const failed = report.steps.find((step) => step.state === "failed");
  return (
    <section className={styles.ladder} aria-label="Test result">
      <header className={styles.header}>
        <h2 className={cx(styles.title, failed ? styles.bad : styles.good)}>
          {failed ? `Stopped at “${NAMES[failed.name]}”` : "Everything works"}
        </h2>
        <span className={styles.took}>{formatTook(took)}</span>
        <CopyButton text={reportText(report)} label="Copy the report" iconOnly />
      </header>
      <ol className={styles.steps}>
        {report.steps.map((step) => {
          const { Icon, word } = STATES[step.state];
          return (
            <li key={step.name} className={styles.step} data-state={step.state}>
              <Icon size={14} className={styles.icon} aria-label={word} />
              <div className={styles.texts}>
                <span className={styles.name}>{NAMES[step.name]}</span>
                <span className={styles.detail}>{step.detail}</span>
                {step.fix ? <p className={styles.fix}>{step.fix}</p> : null}
              </div>
              <span className={styles.took}>{step.state === "skipped" ? "" : formatTook(step.took_ms)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
