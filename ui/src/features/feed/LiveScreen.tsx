import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { asks, useFeed, useStoreChange } from "@/app/queries";
import { useServices } from "@/app/services";
import { cx } from "@/lib/classNames";
import { DeadLetters } from "./DeadLetters";
import { FeedHeader } from "./FeedHeader";
import styles from "./LiveScreen.module.css";
import { Outcomes } from "./Outcomes";
import { Partitions } from "./Partitions";
import { Totals } from "./Totals";

/** Dead letters that are listed. */
const LISTED = 200;

/** The feed: what it does, how its records ended, and what could not be processed. */
export function LiveScreen() {
  const { host } = useServices();
  const queries = useQueryClient();
  const feed = useFeed();
  const letters = useQuery(asks.deadLetters(host, LISTED));
  const outcomes = useQuery(asks.outcomes(host));
  const connections = useQuery(asks.connections(host)).data ?? [];

  const reread = useCallback(() => {
    if (document.hidden) return;
    void queries.invalidateQueries({ queryKey: asks.deadLetters(host, LISTED).queryKey });
    void queries.invalidateQueries({ queryKey: asks.outcomes(host).queryKey });
  }, [queries, host]);
  useStoreChange(reread);

  if (!feed) return null;
  const environment = connections.find((connection) => connection.name === feed.connection)?.environment;
  const running = feed.state !== "off";
  return (
    <div className={cx(styles.live, running && environment === "production" && styles.production)}>
      <FeedHeader feed={feed} connections={connections} />
      <div className={styles.body}>
        {feed.since === null ? null : <Totals totals={feed.totals} />}
        {feed.partitions.length > 0 ? <Partitions partitions={feed.partitions} /> : null}
        <div className={styles.pair}>
          <DeadLetters letters={letters.data} limit={LISTED} error={letters.error} />
          <Outcomes rows={outcomes.data} error={outcomes.error} />
        </div>
      </div>
    </div>
  );
}
