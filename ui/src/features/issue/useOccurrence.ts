import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import type { OccurrencePosition } from "@/ipc";

/**
 * The occurrence at a position. The previous one stays until the next is there, and the neighbours are read ahead, so
 * that walking through occurrences never shows an empty screen.
 */
export function useOccurrence(issue: string, position: OccurrencePosition) {
  const { host, hint } = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const answer = useQuery({ ...asks.occurrence(host, issue, position), placeholderData: keepPreviousData });
  // An occurrence of the issue that was open before is no place holder for this one.
  const data = answer.data?.issue_id === issue ? answer.data : undefined;

  const older = data?.older;
  const newer = data?.newer;
  useEffect(() => {
    for (const id of [older, newer]) {
      if (id) void queries.prefetchQuery(asks.occurrence(host, issue, { kind: "exact", id }));
    }
  }, [queries, host, issue, older, newer]);

  const open = async (wanted: OccurrencePosition) => {
    // Newest and oldest are resolved first, so that the address names one occurrence and stays true.
    const id =
      wanted.kind === "exact"
        ? wanted.id
        : (await queries.fetchQuery({ ...asks.occurrence(host, issue, wanted), staleTime: 0 })).id;
    await navigate({
      to: "/issue/$id",
      params: { id: issue },
      search: { occ: id },
      replace: true,
      state: (previous) => previous,
    });
  };
  const goTo = (wanted: OccurrencePosition) =>
    open(wanted).catch((error: unknown) => {
      // The occurrence that is open stays; the status bar says why there is no other.
      const problem = error instanceof Error ? error.message : String(error);
      hint.set({ text: () => problem });
    });
  return { data, error: answer.error, isFetching: answer.isFetching, refetch: answer.refetch, goTo };
}
