import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asks } from "./queries";
import { useServices } from "./services";

/** Name under which the built-in demo is started. */
export const DEMO = "demo";

/** Starts and stops the feed. The error of the last attempt stays until the next one. */
export function useFeedControl() {
  const { host } = useServices();
  const queries = useQueryClient();
  const settle = (status: Awaited<ReturnType<typeof host.feedStatus>>) => {
    queries.setQueryData(asks.feed(host).queryKey, status);
    // Starting may have opened another store.
    void queries.invalidateQueries({ queryKey: asks.appInfo(host).queryKey });
  };
  const start = useMutation({
    mutationFn: (connection: string) => host.feedStart(connection),
    onSuccess: settle,
  });
  const stop = useMutation({ mutationFn: () => host.feedStop(), onSuccess: settle });
  return {
    start: (connection: string) => start.mutate(connection),
    stop: () => stop.mutate(),
    busy: start.isPending || stop.isPending,
    error: start.error ?? stop.error,
  };
}
