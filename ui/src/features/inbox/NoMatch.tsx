import { useQuery } from "@tanstack/react-query";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { plural } from "@/lib/format";

/** Terms that are tried; longer queries are rare, and each try is a query. */
const MAX_TERMS = 6;

/** A query without each of its top-level terms. Queries with operators or groups are left alone. */
export function withoutEachTerm(query: string): { term: string; rest: string }[] {
  if (/[()]|(^|\s)(and|or|NOT)(\s|$)/i.test(query)) return [];
  const terms = query.match(/[^\s"]*"(?:\\"|[^"])*"|\S+/g) ?? [];
  if (terms.length < 2 || terms.length > MAX_TERMS) return [];
  return terms.map((term, at) => ({ term, rest: terms.filter((_, other) => other !== at).join(" ") }));
}

/** No issue matches. Says which single term is to blame, where one is. */
export function NoMatch({
  query,
  onRun,
}: {
  query: string;
  onRun: (query: string, entered: boolean) => void;
}) {
  const { host } = useServices();
  const { data: ways = [] } = useQuery({
    queryKey: ["without-each-term", query],
    queryFn: () =>
      Promise.all(
        withoutEachTerm(query).map(async (way) => ({
          ...way,
          total: await host.issueSnapshot(way.rest, "last_seen").then(
            ({ total }) => total,
            () => 0,
          ),
        })),
      ),
  });
  const helpful = ways.filter((way) => way.total > 0);
  return (
    <EmptyState
      title="Nothing matches"
      actions={<Button onClick={() => onRun("", true)}>Show all issues</Button>}
    >
      {helpful.length === 0 ? <p>No issue in the store answers this query.</p> : null}
      {helpful.map((way) => (
        <p key={way.term}>
          without <code>{way.term}</code>:{" "}
          <Button kind="quiet" onClick={() => onRun(way.rest, true)}>
            {plural(way.total, "issue")}
          </Button>
        </p>
      ))}
    </EmptyState>
  );
}
