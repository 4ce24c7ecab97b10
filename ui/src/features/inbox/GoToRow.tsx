import { useId, useState } from "react";
import { firstKey } from "@/app/order";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./GoToRow.module.css";
import { readGoal, rowAtTime } from "./goToRow";
import type { ShownList } from "./inboxMemory";

interface GoToRowProps {
  shown: ShownList;
  onGo: (index: number) => void;
  /** Opens an issue that the list does not hold. */
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** Jumps to a row by its number, by a share of the list, by a time or by an issue. */
export function GoToRow({ shown, onGo, onOpen, onClose }: GoToRowProps) {
  const { host } = useServices();
  const formId = useId();
  const problemId = useId();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [elsewhere, setElsewhere] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { ids } = shown.snapshot;
  // A list in groups has an order for each of them.
  const isOneOrder = shown.grouping === null;
  // Of several keys the first one decides where a time is.
  const first = firstKey(shown.sort);
  const byTime =
    isOneOrder && (first.by === "last_seen" || first.by === "first_seen")
      ? { by: first.by, ascending: first.ascending }
      : null;

  const find = async (): Promise<number | string> => {
    const goal = readGoal(text, Date.now());
    switch (goal?.kind) {
      case "row":
        return goal.index < ids.length ? goal.index : `The list has ${formatCount(ids.length)} rows.`;
      case "share":
        return Math.min(ids.length - 1, Math.floor(goal.share * ids.length));
      case "time":
        return byTime === null
          ? isOneOrder
            ? "The list is not sorted by a time. Sort it by last or first seen to go to one."
            : "The list has groups. Show it without groups to go to a time."
          : rowAtTime(host, ids, byTime, goal.at);
      case "issue": {
        const [id] = (await host.issueSnapshot(`issue:${goal.shortId}`, shown.sort)).ids;
        if (id === undefined) return `There is no issue ${goal.shortId}.`;
        const index = ids.indexOf(id);
        if (index !== -1) return index;
        setElsewhere(id);
        return `${goal.shortId} is not in this list.`;
      }
      default:
        return "That is no row, share, time or issue.";
    }
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    setError(null);
    setElsewhere(null);
    find().then((found) => {
      if (typeof found === "string") setProblem(found);
      else {
        onClose();
        onGo(found);
      }
    }, setError);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="Go to row"
      placement="top"
      footer={
        <>
          {elsewhere === null ? null : (
            <Button
              onClick={() => {
                onClose();
                onOpen(elsewhere);
              }}
            >
              Open it
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId}>
            Go
          </Button>
        </>
      }
    >
      <form id={formId} className={styles.form} onSubmit={submit}>
        {error ? <ErrorNotice error={error} /> : null}
        <label>
          Row, share, {byTime === null ? "" : "time "}or issue
          <input
            data-autofocus=""
            data-testid={testIds.goToInput}
            className={styles.input}
            value={text}
            aria-invalid={problem !== null}
            aria-describedby={problemId}
            placeholder={byTime === null ? "512, 50%, SHOP-1A" : "512, 50%, 3d, 2026-11-20 14:30, SHOP-1A"}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(null);
            }}
          />
        </label>
        <p id={problemId} className={styles.problem} role="status">
          {problem}
        </p>
      </form>
    </Dialog>
  );
}
