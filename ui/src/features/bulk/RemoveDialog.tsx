import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { CheckBox } from "@/components/CheckBox";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { LevelGlyph } from "@/components/LevelGlyph";
import { ProgressLine } from "@/components/ProgressLine";
import type { Subject } from "@/features/triage/subject";
import type { Triage } from "@/features/triage/useTriage";
import { leftOutReasons } from "@/features/triage/words";
import type { IssueChange, SelectionSummary } from "@/ipc";
import { KeyCaps } from "@/keyboard/KeyCaps";
import { formatBytes, formatCount, formatExact, formatMinutes, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { MergeTable } from "./MergeTable";
import styles from "./RemoveDialog.module.css";

type Kind = "delete" | "merge";

/** Above so many issues their number has to be typed. */
const TYPED_ABOVE: Record<Kind, number> = { delete: 100, merge: 50 };
const MINUTE = 60_000;
const PROJECTS_NAMED = 4;

/** Asks before issues are deleted or merged: exactly what it is about, before the button can be pressed. */
export function RemoveDialog({ triage }: { triage: Triage }) {
  const { chooser } = triage;
  if (chooser?.kind !== "delete" && chooser?.kind !== "merge") return null;
  return <RemoveForm kind={chooser.kind} subject={chooser.subject} triage={triage} />;
}

function RemoveForm({ kind, subject, triage }: { kind: Kind; subject: Subject; triage: Triage }) {
  const { host } = useServices();
  const formId = useId();
  const summary = useQuery(asks.selection(host, subject.selection));
  const [typed, setTyped] = useState("");
  const [discard, setDiscard] = useState(false);
  const [into, setInto] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const exact = summary.isFetching ? undefined : summary.data;
  const refusal = summary.data && kind === "merge" ? unmergeable(summary.data) : null;
  const typing = refusal === null && subject.count > TYPED_ABOVE[kind];
  const matches = exact !== undefined && typed.replace(/[\s\u202f]/g, "") === String(exact.issues);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The field that had the keyboard is gone with what it was for.
    if (refusal !== null) cancel.current?.focus();
  }, [refusal]);
  const possible = exact !== undefined && exact.issues > 0 && refusal === null;
  const ready = possible && (!typing || matches) && !busy;
  const verb = kind === "delete" ? "Delete" : "Merge";

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    setError(null);
    setBusy(true);
    const change: IssueChange = kind === "merge" ? { kind, into } : { kind, discard };
    triage.apply(change).then(triage.close, (problem: unknown) => {
      setBusy(false);
      setError(problem);
    });
  };

  /** Nothing is deleted by the key that accepts everything else, which fields and boxes send their form with. */
  const onKeyDown = (event: React.KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    const isConfirmed = event.ctrlKey || event.metaKey;
    if (kind === "merge" && !isConfirmed) return;
    event.preventDefault();
    if (isConfirmed) event.currentTarget.requestSubmit();
  };

  return (
    <Dialog
      open
      onClose={triage.close}
      wide={kind === "merge"}
      title={`${verb} ${exact ? plural(exact.issues, "issue") : subject.name}`}
      footer={
        <>
          <Button
            ref={cancel}
            data-autofocus={typing ? undefined : ""}
            data-testid={testIds.remove("cancel")}
            onClick={triage.close}
          >
            Cancel
          </Button>
          <Button
            kind={kind === "delete" ? "danger" : "primary"}
            type="submit"
            form={formId}
            disabled={!ready}
            data-testid={testIds.remove("confirm")}
          >
            {verb} {exact ? formatCount(exact.issues) : "…"} {typing ? <KeyCaps keys="$mod+Enter" /> : null}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        onSubmit={submit}
        onKeyDown={onKeyDown}
        data-testid={testIds.removeDialog}
        data-kind={kind}
        data-count={exact?.issues}
      >
        <ProgressLine busy={summary.isFetching} label="Counting" />
        {error ? <ErrorNotice error={error} /> : null}
        {summary.error ? <ErrorNotice error={summary.error} onRetry={() => void summary.refetch()} /> : null}
        {summary.data ? (
          <>
            <Facts kind={kind} subject={subject} summary={summary.data} />
            {refusal ? <p className={styles.note}>{refusal}</p> : null}
            {kind === "merge" && refusal === null ? (
              <MergeTable subject={subject} summary={summary.data} into={into} onInto={setInto} />
            ) : null}
          </>
        ) : (
          <p className={styles.wait}>Counting…</p>
        )}
        {kind === "delete" ? (
          <CheckBox checked={discard} onChange={setDiscard} testId={testIds.remove("discard")}>
            Also drop what is like them from now on, so that no new issue opens
            {exact ? ` (${plural(exact.ignore_rules, "ignore rule")})` : ""}
          </CheckBox>
        ) : null}
        {typing ? (
          <label className={styles.typed}>
            Type {exact ? exact.issues : "the number of issues"} to confirm
            <input
              data-autofocus=""
              className={styles.number}
              inputMode="numeric"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              data-testid={testIds.remove("number")}
            />
          </label>
        ) : null}
      </form>
    </Dialog>
  );
}

/** Why these issues cannot become one; null where they can. */
function unmergeable({ issues, by_project }: SelectionSummary): string | null {
  if (by_project.length > 1)
    return `They belong to ${by_project.length} projects, and only issues of one project can become one. Select those of one.`;
  return issues < 2 ? "There is nothing to merge." : null;
}

function Facts({ kind, subject, summary }: { kind: Kind; subject: Subject; summary: SelectionSummary }) {
  const { issues, occurrences, bytes, by_project, examples, non_error, changed_since, left_out } = summary;
  const { newest, oldest, never_read } = summary;
  const others = issues - examples.length;
  return (
    <>
      <p className={styles.lead}>
        {subject.selection.kind === "query" ? (
          <>
            {plural(issues, "issue")} {issues === 1 ? "matches" : "match"}{" "}
            {subject.selection.query.trim() === "" ? "everything" : <code>{subject.selection.query}</code>}:{" "}
          </>
        ) : null}
        <strong>
          {plural(occurrences, "occurrence")}, {formatBytes(bytes)}
        </strong>
        {kind === "delete" && non_error > 0 && non_error < issues
          ? `; ${formatCount(non_error)} of the issues ${non_error === 1 ? "is" : "are"} no error`
          : ""}
        .
      </p>
      <p className={styles.projects}>
        {by_project
          .slice(0, PROJECTS_NAMED)
          .map(({ project, issues: count }) => `${project} ${formatCount(count)}`)
          .join(" · ")}
        {by_project.length > PROJECTS_NAMED
          ? ` · and ${plural(by_project.length - PROJECTS_NAMED, "more project", "more projects")}`
          : ""}
      </p>
      {kind === "delete" && newest !== null && oldest !== null ? (
        <p className={styles.projects}>
          newest: {formatExact(newest)} · oldest: {formatExact(oldest)}
          {never_read > 0
            ? ` · ${formatCount(never_read)} of them ${never_read === 1 ? "was" : "were"} never read`
            : ""}
        </p>
      ) : null}
      {kind === "delete" ? (
        <ul className={styles.examples}>
          {examples.map((row) => (
            <li key={row.id}>
              <LevelGlyph level={row.level} size={14} />
              <span className={styles.title}>{row.title}</span>
              <span className={styles.facts}>
                {row.short_id} · {plural(row.times_seen, "event")}
              </span>
            </li>
          ))}
          {others > 0 ? <li className={styles.more}>… and {formatCount(others)} more</li> : null}
        </ul>
      ) : null}
      {leftOutReasons(left_out, subject.count).map((reason) => (
        <p key={reason} className={styles.note}>
          {reason}: left out.
        </p>
      ))}
      {changed_since > 0 ? (
        <p className={styles.note}>
          {plural(changed_since, "issue")} of them {changed_since === 1 ? "has" : "have"} changed since they
          were selected.
        </p>
      ) : null}
      {kind === "delete" ? (
        <p>
          They leave at once. For {formatMinutes(summary.purge_delay_ms / MINUTE)} this can be undone from the
          journal, then their data is erased. If the same happens again, a new issue opens.
        </p>
      ) : null}
    </>
  );
}
