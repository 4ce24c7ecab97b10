import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { statusBadge, withinSentence } from "@/components/badges";
import { ErrorNotice } from "@/components/ErrorNotice";
import type { SimilarIssue, SimilarIssues } from "@/ipc";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./SimilarLine.module.css";
import { likenessWords, SIMILAR_FROM, scoreText } from "./similarWords";

/** The issue most like another one, with why; or why there is none. */
export function SimilarLine({ answer }: { answer: UseQueryResult<SimilarIssues> }) {
  const { data, error } = answer;
  const best = data?.issues[0];
  if (error) return <ErrorNotice error={error} onRetry={() => void answer.refetch()} />;
  return (
    <p
      className={styles.line}
      data-testid={testIds.similar}
      data-issue-id={best?.row.id}
      data-score={best?.score}
      aria-busy={data === undefined}
    >
      {data === undefined ? "Looking for issues like it…" : null}
      {data && !best ? `No issue is like it; ${plural(data.compared, "issue")} compared.` : null}
      {best && best.score >= SIMILAR_FROM ? (
        <>
          Similar: <Issue similar={best} /> — {likenessWords(best)}
        </>
      ) : null}
      {best && best.score < SIMILAR_FROM ? (
        <>
          No issue is much like it; nearest: <Issue similar={best} />
        </>
      ) : null}
    </p>
  );
}

function Issue({ similar: { row, score } }: { similar: SimilarIssue }) {
  return (
    <>
      <Link to="/issue/$id" params={{ id: row.id }} data-tip={row.title}>
        {row.short_id}
      </Link>{" "}
      ({scoreText(score)}, {withinSentence(statusBadge(row).label)})
    </>
  );
}
