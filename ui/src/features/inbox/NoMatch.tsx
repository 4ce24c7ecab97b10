import { useQuery } from "@tanstack/react-query";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { findNearMiss } from "@/features/search/nearest";
import { removeTerm, splitTerms, type Term } from "@/features/search/terms";
import { fromCatalogue } from "@/keyboard/catalogue";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { useActions } from "@/keyboard/useActions";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";

/** Terms that are tried; longer queries are rare, and each try is a query. */
const MAX_TERMS = 6;

/** The words of a free text, each of which may be the one too many; what is set in quotes or parentheses is one. */
function wordsOf(term: Term): Pick<Term, "start" | "end" | "raw">[] {
  if (term.kind !== "text" || /["()]/.test(term.raw)) return [term];
  return [...term.raw.matchAll(/\S+/g)].map(({ 0: raw, index }) => {
    const start = term.start + index;
    return { start, end: start + raw.length, raw };
  });
}

/** A query without each of its top-level terms. Queries with operators or groups are left alone. */
export function withoutEachTerm(query: string): { term: string; rest: string }[] {
  const terms = splitTerms(query);
  if (terms.some(({ kind }) => kind === "word" || kind === "group")) return [];
  const tried = terms.flatMap(wordsOf);
  if (tried.length < 2 || tried.length > MAX_TERMS) return [];
  return tried.map((part) => ({ term: part.raw, rest: removeTerm(query, part) }));
}

/** No issue matches. Says which value was likely meant, and which single term is to blame, where there is one. */
export function NoMatch({
  query,
  onRun,
}: {
  query: string;
  onRun: (query: string, entered: boolean) => void;
}) {
  const { host } = useServices();
  const keymap = useKeymap();
  const { data: ways = [] } = useQuery({
    queryKey: ["without-each-term", query],
    queryFn: ({ signal }) =>
      Promise.all(
        withoutEachTerm(query).map(async (way) => ({
          ...way,
          total: await host.issueCount(way.rest, signal).catch(() => 0),
        })),
      ),
  });
  const { data: miss = null } = useQuery({
    queryKey: ["near-miss", query],
    queryFn: ({ signal }) => findNearMiss(host, query, signal),
  });
  const take = () => {
    if (miss) onRun(miss.query, true);
  };
  useActions(
    miss
      ? [
          {
            ...fromCatalogue("search.take-suggestion"),
            title: `Search for ${miss.term} instead`,
            inTextFields: true,
            run: take,
          },
        ]
      : [],
  );
  const helpful = ways.filter((way) => way.total > 0);
  return (
    <EmptyState
      title="Nothing matches"
      actions={<Button onClick={() => onRun("", true)}>Show all issues</Button>}
    >
      {miss ? (
        <p role="status" data-testid={testIds.nearMiss}>
          No issue has {miss.key} “{miss.typed}”. Did you mean{" "}
          <Button kind="quiet" aria-keyshortcuts={keymap.aria("search.take-suggestion")} onClick={take}>
            <code>{miss.term}</code> <ActionCaps action="search.take-suggestion" />
          </Button>{" "}
          with {plural(miss.total, "issue")}?
        </p>
      ) : null}
      {helpful.length === 0 && !miss ? <p>No issue in the store answers this query.</p> : null}
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
