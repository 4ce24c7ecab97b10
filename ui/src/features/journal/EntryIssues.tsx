import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useLayoutEffect, useRef, useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import { GridCell, GridRow } from "@/components/rows/RowGrid";
import type { JournalEntry } from "@/ipc";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { issueKey } from "./JournalKeys";
import own from "./JournalScreen.module.css";

/** Issues read at a time. A store answers no more rows at once. */
const STEP = 100;

/** Rows of every issue of an entry, as many at a time as a person looks at. */
export function EntryIssues({ entry }: { entry: JournalEntry }) {
  const { host } = useServices();
  const [after, setAfter] = useState<readonly (string | null)[]>([null]);
  const pages = useQueries({ queries: after.map((id) => asks.journalIssues(host, entry.id, id, STEP)) });
  const issues = pages.flatMap(({ data }) => data ?? []);
  const newest = pages.at(-1);
  const last = issues.at(-1);
  const rest = entry.issues - issues.length;
  // A page without issues ends the list, whatever the entry counted.
  const hasMore = last !== undefined && rest > 0 && newest?.data?.length !== 0;
  const list = useRef<HTMLDivElement>(null);
  /** Place of the first issue that the button was last asked for; null while nobody waits for it. */
  const asked = useRef<number | null>(null);

  const answer = newest?.data;
  // The button goes with the last issues, and what tells an error with the answer: the focus would go along.
  useLayoutEffect(() => {
    const { current: at } = asked;
    if (at === null || answer === undefined) return;
    asked.current = null;
    if (document.activeElement !== document.body) return;
    const items = [...(list.current?.children ?? [])] as HTMLElement[];
    const added = items.slice(at).map((item) => item.querySelector<HTMLElement>("a, button"));
    (added.find((one) => one !== null) ?? items.at(-1))?.focus();
  }, [answer]);

  const more = () => {
    if (newest?.error) void newest.refetch();
    else if (newest?.data && last) {
      asked.current = issues.length;
      setAfter([...after, last.id]);
    }
  };
  return (
    <div ref={list} role="rowgroup" tabIndex={-1} className={own.issues}>
      {issues.map(({ id, short_id, title, undone }, at) => (
        <GridRow
          key={id}
          rowKey={issueKey(entry.id, id)}
          className={own.issue}
          aria-level={2}
          aria-posinset={at + 1}
          aria-setsize={entry.issues}
          data-testid={testIds.journalIssue}
        >
          <GridCell>
            {short_id === null ? (
              `Issue ${id} was deleted or merged`
            ) : (
              <Link to="/issue/$id" params={{ id }} data-tip={title ?? undefined} data-row-open="">
                {short_id} {title}
              </Link>
            )}
            {undone ? " · taken back" : ""}
          </GridCell>
        </GridRow>
      ))}
      {newest?.isPending ? (
        <GridRow rowKey={issueKey(entry.id, "reading")} className={own.issue} aria-level={2}>
          <GridCell>
            <ProgressLine busy label="Reading the issues" />
          </GridCell>
        </GridRow>
      ) : null}
      {newest?.error ? (
        <GridRow rowKey={issueKey(entry.id, "problem")} className={own.issue} aria-level={2}>
          <GridCell>
            <ErrorNotice error={newest.error} onRetry={() => void newest.refetch()} />
          </GridCell>
        </GridRow>
      ) : null}
      {hasMore ? (
        <GridRow key="more" rowKey={issueKey(entry.id, "more")} className={own.issue} aria-level={2}>
          <GridCell>
            <Button
              aria-disabled={newest?.isFetching || undefined}
              data-row-open=""
              data-testid={testIds.journalMoreIssues}
              onClick={more}
            >
              {`${formatCount(rest)} more`}
            </Button>
          </GridCell>
        </GridRow>
      ) : null}
    </div>
  );
}
