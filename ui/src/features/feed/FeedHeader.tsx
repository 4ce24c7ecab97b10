import { useNavigate } from "@tanstack/react-router";
import { Play, Square } from "lucide-react";
import { useState } from "react";
import { DEMO, useFeedControl } from "@/app/feedControl";
import { Button } from "@/components/Button";
import { EnvironmentMark } from "@/components/EnvironmentMark";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FEED_STATES, FeedGlyph } from "@/components/FeedGlyph";
import { Select } from "@/components/Select";
import type { ConnectionProfile, FeedStatus } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { formatCount, formatExact, formatRate } from "@/lib/format";
import styles from "./FeedHeader.module.css";
import { FeedNotices } from "./FeedNotices";
import { StartProduction } from "./StartProduction";

interface FeedHeaderProps {
  feed: FeedStatus;
  connections: readonly ConnectionProfile[];
}

/** State, rate and lag of the feed, and the button that starts or stops it. */
export function FeedHeader({ feed, connections }: FeedHeaderProps) {
  const navigate = useNavigate();
  const control = useFeedControl();
  const [chosen, setChosen] = useState<string | null>(null);
  const [asking, setAsking] = useState<ConnectionProfile | null>(null);
  const state = feed.paused ? "failed" : feed.state;
  const stopped = state === "off" || state === "failed";
  const look = FEED_STATES[state];
  const selected = chosen ?? (feed.connection || connections[0]?.name) ?? DEMO;
  const current = connections.find((connection) => connection.name === feed.connection);

  const start = () => {
    const connection = connections.find((other) => other.name === selected);
    if (connection?.environment === "production") setAsking(connection);
    else control.start(selected);
  };

  useActions([
    {
      ...fromCatalogue("live.toggle"),
      title: stopped ? `Start the feed of ${selected}` : "Stop the feed",
      inPalette: false,
      run: stopped ? start : control.stop,
    },
  ]);

  return (
    <header className={styles.header} data-region="feed">
      <div className={styles.line}>
        <FeedGlyph state={state} />
        <h1 className={styles.title}>{state === "off" ? "Live" : feed.connection}</h1>
        {current && !stopped ? <EnvironmentMark environment={current.environment} /> : null}
        <span className={styles.state}>{look.meaning}</span>
        <div className={styles.numbers}>
          {stopped ? null : (
            <>
              <span>
                <strong>{formatRate(feed.rate)}</strong> records/s
              </span>
              <span>
                lag <strong>{feed.lag === null ? "unknown" : formatCount(feed.lag)}</strong>
              </span>
              {feed.since === null ? null : <span>since {formatExact(feed.since)}</span>}
            </>
          )}
        </div>
        {stopped ? (
          <>
            <Select
              label="Connection"
              value={selected}
              onChange={setChosen}
              choices={[
                ...connections.map((connection) => ({
                  value: connection.name,
                  label: connection.name,
                  note: connection.environment,
                })),
                { value: DEMO, label: DEMO, note: "invented data on this computer" },
              ]}
            />
            <Button kind="primary" disabled={control.busy} onClick={start}>
              <Play size={14} aria-hidden="true" /> Start
            </Button>
            {connections.length === 0 ? (
              <Button onClick={() => void navigate({ to: "/connections", search: { new: true } })}>
                Add a connection
              </Button>
            ) : null}
          </>
        ) : (
          <Button disabled={control.busy || state === "draining"} onClick={control.stop}>
            <Square size={12} aria-hidden="true" /> Stop
          </Button>
        )}
      </div>
      <FeedNotices hideable={false} />
      {feed.problem && state !== "failed" && state !== "retrying" ? (
        <p className={styles.problem} role="alert">
          {feed.problem}
        </p>
      ) : null}
      {control.error ? <ErrorNotice error={control.error} onRetry={start} /> : null}
      <StartProduction connection={asking} onClose={() => setAsking(null)} onStart={control.start} />
    </header>
  );
}
