import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EnvironmentMark } from "@/components/EnvironmentMark";
import { FEED_STATES, FeedGlyph } from "@/components/FeedGlyph";
import { formatRate } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./FeedPill.module.css";
import { asks, useFeed } from "./queries";
import { useServices } from "./services";

/** What the feed does, on every screen. Leads to Live. */
export function FeedPill() {
  const { host } = useServices();
  const feed = useFeed();
  const connections = useQuery(asks.connections(host)).data;
  if (!feed) return null;
  const environment = connections?.find((connection) => connection.name === feed.connection)?.environment;
  // The burst guard stops a feed whatever the engine calls that state.
  const state = feed.paused ? "failed" : feed.state;
  const { word } = FEED_STATES[state];
  const moving = state === "live" || state === "store_bound";
  return (
    <Link to="/live" className={styles.pill} data-testid={testIds.feedPill} data-state={state}>
      <FeedGlyph state={state} />
      {state === "off" ? null : <span className={styles.name}>{feed.connection}</span>}
      {environment && state !== "off" ? <EnvironmentMark environment={environment} /> : null}
      <span className={styles.state}>
        {state === "failed" ? "stopped, see why" : moving ? `${formatRate(feed.rate)}/s` : word}
      </span>
    </Link>
  );
}
