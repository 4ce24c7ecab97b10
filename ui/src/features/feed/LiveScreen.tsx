import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { asks, useFeed, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { OutcomeSums } from "@/features/outcomes/OutcomeSums";
import { cx } from "@/lib/classNames";
import { FeedHeader } from "./FeedHeader";
import styles from "./LiveScreen.module.css";
import { Partitions } from "./Partitions";
import { Totals } from "./Totals";

/** The feed: what it does, and how its records ended. */
export function LiveScreen() {
  const { host } = useServices();
  const queries = useQueryClient();
  const feed = useFeed();
  const outcomes = useQuery(asks.outcomes(host, "reason"));
  const connections = useQuery(asks.connections(host)).data ?? [];

  const reread = useCallback(() => {
    if (document.hidden) return;
    void queries.invalidateQueries({ queryKey: asks.outcomes(host, "reason").queryKey });
  }, [queries, host]);
  useStoreChange(reread);

  if (!feed) return null;
  const environment = connections.find((connection) => connection.name === feed.connection)?.environment;
  const running = feed.state !== "off";
  return (
    <div className={cx(styles.live, running && environment === "production" && styles.production)}>
      <FeedHeader feed={feed} connections={connections} />
      <div className={styles.body} data-region="numbers" tabIndex={-1}>
        {feed.since === null ? null : <Totals totals={feed.totals} />}
        {feed.partitions.length > 0 ? <Partitions partitions={feed.partitions} /> : null}
        <OutcomeSums rows={outcomes.data} error={outcomes.error} />
      </div>
    </div>
  );
}
