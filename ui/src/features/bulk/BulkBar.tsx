import { useQuery } from "@tanstack/react-query";
import {
  Archive,
  ArrowDownToLine,
  Bookmark,
  Check,
  Eye,
  Merge,
  MessageSquare,
  Pin,
  RotateCcw,
  Signal,
  Tag,
  Trash2,
  UserRound,
  X,
} from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { useRested } from "@/components/useRested";
import { useSlow } from "@/components/useSlow";
import { nameOf } from "@/features/selection/selection";
import { common, type Subject } from "@/features/triage/subject";
import type { Triage } from "@/features/triage/useTriage";
import { changeVerb } from "@/features/triage/words";
import type { IssueRow, StandingCounts } from "@/ipc";
import { type ActionId, fromCatalogue } from "@/keyboard/catalogue";
import { ActionCaps, KeyCaps } from "@/keyboard/KeyCaps";
import { useActions } from "@/keyboard/useActions";
import { keyTip, useKeymap } from "@/keyboard/usePressedKeys";
import { formatCount, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./BulkBar.module.css";
import { WorkLine } from "./WorkLine";

/** Rest of a selection before its issues are counted by what they are. */
const REST_MS = 150;

const NOT_COUNTED: StandingCounts = { unresolved: 0, resolved: 0, archived: 0, until_escalating: 0 };

interface BulkBarProps {
  subject: Subject | null;
  triage: Triage;
  /** Issues of the selection that the list on screen does not hold. */
  elsewhere: number;
  onExport: () => void;
  /** The keyboard goes back to the list. */
  onLeave: () => void;
}

/** What can be done to the selection, with the exact number it will be done to. */
export function BulkBar({ subject, triage, elsewhere, onExport, onLeave }: BulkBarProps) {
  const { selection, work } = useServices();
  const newest = useValue(work.running).at(-1);
  // Short work changes nothing here: a bar that flashes says less than none.
  const slow = useSlow(newest !== undefined, 150);
  const current = slow ? newest : undefined;
  const pinned = useValue(selection.pinned);
  if (triage.pending) return <AskFirst triage={triage} onLeave={onLeave} />;
  if (!subject) {
    return current ? (
      <Frame>
        <WorkLine work={current} />
      </Frame>
    ) : null;
  }
  const { count } = subject;
  return (
    <Frame count={count}>
      <strong className={styles.count}>{formatCount(count)} selected</strong>
      {elsewhere > 0 ? (
        <span className={styles.note} data-tip="They no longer match the query, or have never matched it">
          {formatCount(elsewhere)} not in this list
        </span>
      ) : null}
      {/* What goes on is about other issues, or about a file: these can be dealt with meanwhile. */}
      {current ? <WorkLine work={current} /> : null}
      <Actions subject={subject} triage={triage} onExport={onExport} />
      <span className={styles.end}>
        <IconButton
          label="Keep the selection when the query changes"
          aria-pressed={pinned}
          data-testid={testIds.selection("pin")}
          onClick={() => selection.pinned.set(!pinned)}
        >
          <Pin size={14} />
        </IconButton>
        <IconButton label="Clear the selection" action="select.clear" onClick={() => selection.clear()}>
          <X size={14} />
        </IconButton>
      </span>
    </Frame>
  );
}

/** Tells the messages above the bar how high it is while it is there: in a narrow window it has several lines. */
function useItsHeight() {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = bar;
    if (!current) return;
    const { style } = document.documentElement;
    const name = "--selection-bar-now";
    const sizes = new ResizeObserver(() => style.setProperty(name, `${current.offsetHeight}px`));
    sizes.observe(current);
    return () => {
      sizes.disconnect();
      style.removeProperty(name);
    };
  }, []);
  return bar;
}

function Frame({ count, children }: { count?: number; children: ReactNode }) {
  return (
    <div
      ref={useItsHeight()}
      className={styles.bar}
      role="toolbar"
      aria-label="Selected issues"
      data-region="selection"
      data-testid={testIds.selectionBar}
      data-count={count}
    >
      {children}
    </div>
  );
}

function Actions({
  subject,
  triage,
  onExport,
}: Pick<BulkBarProps, "triage" | "onExport"> & { subject: Subject }) {
  const { run, open, blocked } = triage;
  const { count } = subject;
  const standings = useStandings(subject);
  const { unresolved, resolved, archived, until_escalating } = standings ?? NOT_COUNTED;
  /** `Resolve 14`, or `Unresolve 12 of 40` where some are known to stay as they are. */
  const fits = (changed: number) => (standings ? changed : count);
  const label = (verb: string, fitting = count) =>
    fitting === count || fitting === 0
      ? `${verb} ${formatCount(count)}`
      : `${verb} ${formatCount(fitting)} of ${formatCount(count)}`;
  const why = (fitting: number, reason: string) => blocked ?? (fitting === 0 ? reason : null);
  const open_ = fits(unresolved + archived);
  const archivable = fits(unresolved + resolved + archived - until_escalating);
  const closed = fits(resolved + archived);
  const bookmarked = common(subject, (row) => row.is_bookmarked) === true;
  const seen = common(subject, (row) => row.has_seen) === true;
  return (
    <>
      <BarButton
        name="resolve"
        action="triage.resolve"
        why={why(open_, "all are resolved")}
        onClick={() => run({ kind: "resolve" })}
      >
        <Check size={14} aria-hidden="true" /> {label("Resolve", open_)}
      </BarButton>
      <BarButton
        name="archive"
        action="triage.archive"
        why={why(archivable, "all are archived that way")}
        onClick={() => run({ kind: "archive_until_escalating" })}
      >
        <Archive size={14} aria-hidden="true" /> {label("Archive", archivable)}
      </BarButton>
      <BarButton
        name="unresolve"
        action="triage.unresolve"
        why={why(closed, "all are unresolved")}
        onClick={() => run({ kind: "unresolve" })}
      >
        <RotateCcw size={14} aria-hidden="true" /> {label("Unresolve", closed)}
      </BarButton>
      <BarButton name="assign" action="triage.assign" why={blocked} onClick={() => open("assign")}>
        <UserRound size={14} aria-hidden="true" /> Assign…
      </BarButton>
      <BarButton name="priority" action="triage.priority" why={blocked} onClick={() => open("priority")}>
        <Signal size={14} aria-hidden="true" /> Priority…
      </BarButton>
      <BarButton name="labels" action="triage.labels" why={blocked} onClick={() => open("labels")}>
        <Tag size={14} aria-hidden="true" /> Labels…
      </BarButton>
      <BarButton name="note" action="triage.note" why={blocked} onClick={() => open("note")}>
        <MessageSquare size={14} aria-hidden="true" /> Note…
      </BarButton>
      <BarButton
        name="bookmark"
        action="triage.bookmark"
        why={blocked}
        onClick={() => run({ kind: "set_bookmark", on: !bookmarked })}
      >
        <Bookmark size={14} aria-hidden="true" /> {bookmarked ? "Bookmark off" : "Bookmark"}
      </BarButton>
      <BarButton
        name="seen"
        action="triage.seen"
        why={blocked}
        onClick={() => run({ kind: "set_seen", on: !seen })}
      >
        <Eye size={14} aria-hidden="true" /> {seen ? "Not seen" : "Seen"}
      </BarButton>
      <BarButton
        name="merge"
        action="triage.merge"
        why={blocked ?? (count < 2 ? "select at least two issues" : null)}
        onClick={() => open("merge")}
      >
        <Merge size={14} aria-hidden="true" /> Merge…
      </BarButton>
      <BarButton name="export" action="export.open" why={null} onClick={onExport}>
        <ArrowDownToLine size={14} aria-hidden="true" /> Export…
      </BarButton>
      <BarButton name="delete" action="triage.delete" why={blocked} onClick={() => open("delete")}>
        <Trash2 size={14} aria-hidden="true" /> Delete…
      </BarButton>
    </>
  );
}

/** How the issues stand: by their rows where all are known, else as the store counts them; undefined until it has. */
function useStandings(subject: Subject): StandingCounts | undefined {
  const { host, selection } = useServices();
  const picked = useValue(selection.picked);
  const isAtRest = useRested(picked, REST_MS) === picked;
  const { rows, count } = subject;
  const isKnown = rows.length === count;
  const ask = asks.standings(host, subject.selection, nameOf(picked));
  const counted = useQuery({ ...ask, enabled: !isKnown && isAtRest }).data;
  if (!isKnown) return counted;
  const having = (applies: (row: IssueRow) => boolean) => rows.filter(applies).length;
  return {
    unresolved: having((row) => row.status === "unresolved"),
    resolved: having((row) => row.status === "resolved"),
    archived: having((row) => row.status === "ignored"),
    until_escalating: having((row) => row.substatus === "archived_until_escalating"),
  };
}

interface BarButtonProps {
  name: string;
  action: ActionId;
  /** Why it does nothing now. */
  why: string | null;
  onClick: () => void;
  children: ReactNode;
}

/** A button that can be reached even where it does nothing, so that it can say why. */
function BarButton({ name, action, why, onClick, children }: BarButtonProps) {
  const keymap = useKeymap();
  return (
    <Button
      className={styles.button}
      aria-disabled={why !== null || undefined}
      aria-keyshortcuts={keymap.aria(action)}
      data-tip={why ?? keyTip(keymap.words(action))}
      data-testid={testIds.bulk(name)}
      onClick={why === null ? onClick : undefined}
    >
      {children}
    </Button>
  );
}

/** Many issues are only changed after a yes: Enter, while the button has the focus, or Esc. */
function AskFirst({ triage, onLeave }: { triage: Triage; onLeave: () => void }) {
  const yes = useRef<HTMLButtonElement>(null);
  const nowhere = useEffectEvent(() => {
    if (document.activeElement === document.body) onLeave();
  });
  useEffect(() => {
    yes.current?.focus();
    // The question may go without an answer, and with its button the keyboard.
    return () => nowhere();
  }, []);
  const leave = (decide: () => void) => () => {
    decide();
    onLeave();
  };
  useActions([
    {
      ...fromCatalogue("select.clear"),
      title: "Leave them as they are",
      run: leave(triage.dismiss),
    },
  ]);
  const { pending } = triage;
  if (!pending) return null;
  const verb = changeVerb(pending.change);
  return (
    <Frame count={pending.subject.count}>
      <strong role="alert">
        {verb} {plural(pending.subject.count, "issue")}?
      </strong>
      <button
        type="button"
        ref={yes}
        className={styles.yes}
        data-testid={testIds.selection("confirm")}
        onClick={leave(triage.confirm)}
      >
        {verb} {formatCount(pending.subject.count)} <KeyCaps keys="Enter" />
      </button>
      <Button data-testid={testIds.selection("cancel")} onClick={leave(triage.dismiss)}>
        Cancel <ActionCaps action="select.clear" />
      </Button>
    </Frame>
  );
}
