import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { RefreshCw, RotateCcw, Trash2, Undo2 } from "lucide-react";
import { type ComponentProps, useEffect, useRef } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { Segmented } from "@/components/Segmented";
import { Select } from "@/components/Select";
import { reasonText } from "@/features/outcomes/reasons";
import type { DeadLetterFilter } from "@/ipc";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { useActions } from "@/keyboard/useActions";
import { keyTip, useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { LetterDetail } from "./LetterDetail";
import { LetterGrid, type LetterGridHandle } from "./LetterGrid";
import styles from "./LettersView.module.css";
import { letterKeys } from "./letterKeys";
import { ACTS_ON, type LetterAction, useLetterActions } from "./useLetterActions";
import { LISTED, useLetterList } from "./useLetterList";

/** States that can be listed; `all` is every one of them. */
export const LETTER_STATES = ["new", "replayed", "discarded", "all"] as const;
export type LetterFilterState = (typeof LETTER_STATES)[number];

const STATE_CHOICES = LETTER_STATES.map((value) => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1),
}));
/** Value of the choice that keeps every reason. No reason is empty. */
const EVERY_REASON = "";

interface LettersViewProps {
  state: LetterFilterState;
  reason: string | null;
}

/** The dead letters of a filter, and the one under the cursor. */
export function LettersView({ state, reason }: LettersViewProps) {
  const keymap = useKeymap();
  const { host, announcer } = useServices();
  const navigate = useNavigate();
  const list = useLetterList({
    state: state === "all" ? null : state,
    reason: reason as DeadLetterFilter["reason"],
  });
  const { run, stop, progress } = useLetterActions();
  const grid = useRef<LetterGridHandle>(null);
  const detail = useRef<HTMLElement>(null);
  const readOnly = useQuery(asks.appInfo(host)).data?.read_only != null;
  const { rows, cursor, marked, answer } = list;

  // Without marks, the row under the cursor is meant.
  const meant =
    marked.size > 0 ? rows.filter((row) => marked.has(row.id)) : rows.slice(Math.max(0, cursor), cursor + 1);
  const fitting = (action: LetterAction) => meant.filter((row) => row.state === ACTS_ON[action]);
  const why = (action: LetterAction): string | null => {
    if (readOnly) return "the store can only be read";
    if (progress) return "a replay is running";
    if (meant.length === 0) return "the list is empty";
    if (fitting(action).length > 0) return null;
    return action === "restore" ? "only discarded records can be restored" : "it is not new any more";
  };
  const act = (action: LetterAction) => {
    if (why(action) === null)
      run(
        action,
        fitting(action).map((row) => row.id),
      );
  };
  const filter = (next: Partial<LettersViewProps>) =>
    void navigate({
      to: "/dead-letters",
      search: {
        state: next.state ?? state,
        reason: (next.reason === undefined ? reason : next.reason) ?? undefined,
      },
      replace: true,
    });

  useActions(
    letterKeys({
      list,
      pageRows: () => grid.current?.pageRows() ?? 10,
      act,
      why,
      openDetail: () => detail.current?.focus(),
    }),
  );

  const total = answer?.total;
  useEffect(() => {
    if (total !== undefined) announcer.say(`${plural(total, "dead letter")}`, "found");
  }, [announcer, total]);
  const ready = rows.length > 0;
  useEffect(() => {
    if (ready && (document.activeElement === document.body || !document.activeElement)) grid.current?.focus();
  }, [ready]);

  return (
    <div className={styles.view}>
      <div className={styles.bar} data-region="toolbar">
        <div data-testid={testIds.deadLetterState}>
          <Segmented
            label="State"
            value={state}
            choices={STATE_CHOICES}
            onChange={(next) => filter({ state: next })}
          />
        </div>
        <Select
          label="Reason"
          prefix="Reason"
          testId={testIds.deadLetterReason}
          value={reason ?? EVERY_REASON}
          choices={[{ value: EVERY_REASON, label: "any" }, ...reasonChoices(answer?.by_reason ?? [], reason)]}
          onChange={(next) => filter({ reason: next === EVERY_REASON ? null : next })}
        />
        <span className={styles.total} data-testid={testIds.deadLetterTotal} data-total={total}>
          {total === undefined ? "" : describeTotal(total, rows.length, marked.size)}
        </span>
        <div className={styles.end}>
          {list.waiting !== 0 ? (
            <Button
              kind="quiet"
              className={styles.pending}
              onClick={list.reread}
              aria-keyshortcuts={keymap.aria("letters.apply")}
            >
              <RefreshCw size={14} aria-hidden="true" />
              {formatCount(Math.abs(list.waiting))} {list.waiting > 0 ? "new" : "gone"}
              <ActionCaps action="letters.apply" />
            </Button>
          ) : null}
          {progress ? (
            <>
              <progress
                className={styles.progress}
                aria-label="Replaying"
                value={progress.done}
                max={progress.total}
                data-testid={testIds.deadLetterProgress}
                data-done={progress.done}
                data-total={progress.total}
              />
              <span className={styles.state}>
                {formatCount(progress.done)} of {formatCount(progress.total)}
              </span>
              <Button onClick={stop} data-testid={testIds.deadLetterAction("cancel")}>
                Stop
              </Button>
            </>
          ) : null}
          <ActButton action="replay" why={why("replay")} onClick={() => act("replay")}>
            <RotateCcw size={14} aria-hidden="true" />{" "}
            {label("Replay", fitting("replay").length, meant.length)}
          </ActButton>
          <ActButton action="discard" why={why("discard")} onClick={() => act("discard")}>
            <Trash2 size={14} aria-hidden="true" />{" "}
            {label("Discard", fitting("discard").length, meant.length)}
          </ActButton>
          <ActButton action="restore" why={why("restore")} onClick={() => act("restore")}>
            <Undo2 size={14} aria-hidden="true" /> {label("Restore", fitting("restore").length, meant.length)}
          </ActButton>
        </div>
      </div>
      <ProgressLine busy={list.loading} label="Reading dead letters" />
      {list.error ? (
        <div className={styles.notice}>
          <ErrorNotice error={list.error} onRetry={list.reread} />
        </div>
      ) : null}
      {answer && rows.length === 0 ? (
        <Nothing state={state} reason={reason} onAny={() => filter({ reason: null })} />
      ) : null}
      {rows.length > 0 ? (
        <div className={styles.pair}>
          <LetterGrid ref={grid} list={list} />
          <LetterDetail ref={detail} id={rows[cursor]?.id ?? ""} />
        </div>
      ) : null}
    </div>
  );
}

/** Reasons with their counts. The chosen one stays in the list, also where nothing has it any more. */
function reasonChoices(counts: readonly { reason: string; count: number }[], chosen: string | null) {
  const choices = counts.map(({ reason, count }) => ({
    value: reason,
    label: reasonText(reason),
    note: plural(count, "record"),
  }));
  if (chosen !== null && !choices.some((choice) => choice.value === chosen)) {
    choices.push({ value: chosen, label: reasonText(chosen), note: "0 records" });
  }
  return choices;
}

function describeTotal(total: number, listed: number, marked: number): string {
  const all =
    total > listed && listed === LISTED
      ? `the newest ${formatCount(listed)} of ${formatCount(total)}`
      : plural(total, "record");
  return marked > 0 ? `${formatCount(marked)} selected · ${all}` : all;
}

/** `Replay`, `Replay 3`, `Replay 3 of 5`. */
function label(verb: string, fitting: number, meant: number): string {
  if (meant <= 1 || fitting === 0) return verb;
  return fitting === meant
    ? `${verb} ${formatCount(fitting)}`
    : `${verb} ${formatCount(fitting)} of ${formatCount(meant)}`;
}

interface ActButtonProps extends ComponentProps<"button"> {
  action: LetterAction;
  why: string | null;
}

/** A button that can be reached even where it does nothing, so that it can say why. */
function ActButton({ action, why, onClick, ...rest }: ActButtonProps) {
  const keymap = useKeymap();
  const listed = `letters.${action}` as const;
  return (
    <Button
      {...rest}
      className={styles.act}
      aria-disabled={why !== null || undefined}
      aria-keyshortcuts={keymap.aria(listed)}
      data-tip={why ?? keyTip(keymap.words(listed))}
      data-testid={testIds.deadLetterAction(action)}
      onClick={why === null ? onClick : undefined}
    />
  );
}

function Nothing({ state, reason, onAny }: LettersViewProps & { onAny: () => void }) {
  if (reason !== null) {
    return (
      <EmptyState
        title={`Nothing is set aside for “${reasonText(reason)}”`}
        actions={<Button onClick={onAny}>Show every reason</Button>}
      />
    );
  }
  const texts: Record<LetterFilterState, [string, string]> = {
    new: [
      "Every record so far could be read",
      "Records that cannot be understood are kept here whole, with the place where they broke, until they are replayed or discarded.",
    ],
    replayed: ["Nothing was replayed", "Records that were read in a second try are listed here."],
    discarded: ["Nothing was discarded", "Discarded records are listed here and can be restored."],
    all: ["Every record so far could be read", "Records that cannot be understood are kept here whole."],
  };
  const [title, text] = texts[state];
  return <EmptyState title={title}>{text}</EmptyState>;
}
