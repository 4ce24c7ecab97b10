import { useRef, useState } from "react";
import { useServices } from "@/app/services";
import type { DeadLetterRow, ReplayReport } from "@/ipc";
import { formatCount, plural } from "@/lib/format";

/** Letters that one call processes: often enough for a progress, rarely enough to be quick. */
const CHUNK = 50;

/** How far a long run has come. */
export interface Progress {
  done: number;
  total: number;
}

export type LetterAction = "replay" | "discard" | "restore";

/** The state a letter has to be in for an action. */
export const ACTS_ON: Record<LetterAction, DeadLetterRow["state"]> = {
  replay: "new",
  discard: "new",
  restore: "discarded",
};

/** `12 stored, 1 failed again`. */
export function replayText({ stored, dropped, failed }: Omit<ReplayReport, "revision">): string {
  const parts = [
    stored > 0 ? `${formatCount(stored)} stored` : "",
    dropped > 0 ? `${formatCount(dropped)} dropped with a reason` : "",
    failed > 0 ? `${formatCount(failed)} failed again` : "",
  ];
  return parts.filter(Boolean).join(", ") || "Nothing was left to replay";
}

/** Replays, discards and restores letters, and says what came of it. */
export function useLetterActions() {
  const { host, queries, toasts, revision, undo } = useServices();
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef(false);
  const stopped = useRef(false);

  const reread = async (latest: string | null) => {
    if (latest !== null) revision.set(latest);
    await Promise.all(
      ["dead-letters", "dead-letter", "outcomes"].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    );
  };

  const replay = async (ids: readonly string[]): Promise<void> => {
    if (running.current || ids.length === 0) return;
    running.current = true;
    stopped.current = false;
    const sum = { stored: 0, dropped: 0, failed: 0 };
    let done = 0;
    let latest: string | null = null;
    setProgress({ done, total: ids.length });
    try {
      while (done < ids.length && !stopped.current) {
        const chunk = ids.slice(done, done + CHUNK);
        const report = await host.deadLettersReplay(chunk);
        sum.stored += report.stored;
        sum.dropped += report.dropped;
        sum.failed += report.failed;
        latest = report.revision;
        done += chunk.length;
        setProgress({ done, total: ids.length });
      }
      await reread(latest);
      const left = ids.length - done;
      const title = replayText(sum);
      if (left > 0) {
        toasts.note(`Stopped: ${title}.`, {
          detail: `${plural(left, "record")} were not touched.`,
          action: { label: `Replay the other ${formatCount(left)}`, run: () => void replay(ids.slice(done)) },
        });
      } else if (sum.stored + sum.dropped > 0) toasts.done(`${title}.`);
      else toasts.note(`${title}.`);
    } catch (error) {
      await reread(latest);
      const rest = ids.slice(done);
      const what =
        done === 0 ? "Nothing was replayed" : `Replayed ${formatCount(done)} of ${formatCount(ids.length)}`;
      toasts.failed(what, error, () => void replay(rest));
    } finally {
      running.current = false;
      setProgress(null);
    }
  };

  /** A step that did nothing would be lost: it waits for the end of what is under way. */
  const isHeldUp = (): boolean => {
    if (running.current) toasts.note("Wait until the work on the records has finished, or stop it");
    return running.current;
  };

  /** `isNew`: nobody has taken it back before. */
  const move = async (action: "discard" | "restore", ids: readonly string[], isNew = true): Promise<void> => {
    if (running.current || ids.length === 0) return;
    running.current = true;
    try {
      const discard = action === "discard";
      const report = await (discard ? host.deadLettersDiscard([...ids]) : host.deadLettersRestore([...ids]));
      await reread(report.revision);
      const title = `${discard ? "Discarded" : "Restored"} ${plural(report.changed, "record")}.`;
      if (report.changed === 0) toasts.note("Nothing changed: somebody else was quicker.");
      else if (discard && isNew) {
        const run = undo.steps.did({
          undo: () => void move("restore", ids),
          redo: () => void move("discard", ids, false),
          isHeldUp,
        });
        toasts.done(title, { action: { label: "Undo", action: "undo", run } });
      } else toasts.done(title);
    } catch (error) {
      toasts.failed(
        `Nothing was ${action}${action === "restore" ? "d" : "ed"}`,
        error,
        () => void move(action, ids),
      );
    } finally {
      running.current = false;
    }
  };

  return {
    run: (action: LetterAction, ids: readonly string[]) =>
      void (action === "replay" ? replay(ids) : move(action, ids)),
    /** Ends a replay after the part that is under way. */
    stop: () => {
      stopped.current = true;
    },
    progress,
  };
}
