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
  const { word } = FEED_STATES[feed.state];
  const moving = feed.state === "live" || feed.state === "store_bound";
  return (
    <Link to="/live" className={styles.pill} data-testid={testIds.feedPill} data-state={feed.state}>
      <FeedGlyph state={feed.state} />
      {feed.state === "off" ? null : <span className={styles.name}>{feed.connection}</span>}
      {environment && feed.state !== "off" ? <EnvironmentMark environment={environment} /> : null}
      <span className={styles.state}>
        {feed.state === "failed" ? "stopped, see why" : moving ? `${formatRate(feed.rate)}/s` : word}
      </span>
    </Link>
  );
}
