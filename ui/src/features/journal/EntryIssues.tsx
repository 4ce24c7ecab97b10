import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ProgressLine } from "@/components/ProgressLine";
import type { JournalEntry } from "@/ipc";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import own from "./JournalScreen.module.css";

/** Issues read at a time. A store answers no more rows at once. */
const STEP = 100;

/** Every issue of an entry, as many at a time as a person looks at. */
export function EntryIssues({ entry }: { entry: JournalEntry }) {
  const { host } = useServices();
  const [after, setAfter] = useState<readonly (string | null)[]>([null]);
  return (
    <ul className={own.issues} aria-label={`Issues: ${entry.title}`}>
      {after.map((id, page) => (
        <IssuePage
          key={id ?? ""}
          entry={entry}
          after={id}
          rest={entry.issues - page * STEP}
          host={host}
          onMore={page === after.length - 1 ? (last) => setAfter([...after, last]) : null}
        />
      ))}
    </ul>
  );
}

interface IssuePageProps {
  entry: JournalEntry;
  after: string | null;
  /** Issues that are not listed before. */
  rest: number;
  host: ReturnType<typeof useServices>["host"];
  /** Goes on behind the last issue; null where that is done. */
  onMore: ((last: string) => void) | null;
}

function IssuePage({ entry, after, rest, host, onMore }: IssuePageProps) {
  const page = useQuery(asks.journalIssues(host, entry.id, after, STEP));
  const issues = page.data ?? [];
  const last = issues.at(-1);
  return (
    <>
      {page.isPending ? (
        <li>
          <ProgressLine busy label="Reading the issues" />
        </li>
      ) : null}
      {page.error ? (
        <li>
          <ErrorNotice error={page.error} onRetry={() => void page.refetch()} />
        </li>
      ) : null}
      {issues.map(({ id, short_id, title, undone }) => (
        <li key={id} data-testid={testIds.journalIssue}>
          {short_id === null ? (
            `Issue ${id} was deleted or merged`
          ) : (
            <Link to="/issue/$id" params={{ id }} title={title ?? undefined}>
              {short_id} {title}
            </Link>
          )}
          {undone ? " · taken back" : ""}
        </li>
      ))}
      {onMore !== null && last !== undefined && rest > issues.length ? (
        <li>
          <Button data-testid={testIds.journalMoreIssues} onClick={() => onMore(last.id)}>
            {`${formatCount(rest - issues.length)} more`}
          </Button>
        </li>
      ) : null}
    </>
  );
}
