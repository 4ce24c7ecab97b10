import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { asks, useFeed } from "@/app/queries";
import { useServices } from "@/app/services";
import { EmptyState } from "@/components/EmptyState";
import { EnvironmentMark } from "@/components/EnvironmentMark";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FEED_STATES, FeedGlyph } from "@/components/FeedGlyph";
import { ConnectionEditor } from "./ConnectionEditor";
import styles from "./ConnectionsScreen.module.css";
import { NEW_PROFILE } from "./formModel";

const route = getRouteApi("/connections");

/** Saved connections on the left, the chosen one as a form. */
export function ConnectionsScreen() {
  const { name, new: creating } = route.useSearch();
  const { host } = useServices();
  const feed = useFeed();
  const { data: connections, error, refetch } = useQuery(asks.connections(host));
  const chosen = creating
    ? undefined
    : (connections?.find((connection) => connection.name === name) ?? connections?.[0]);
  const editing = creating ? NEW_PROFILE : chosen;

  return (
    <div className={styles.connections}>
      <nav className={styles.list} aria-label="Connections" data-region="list">
        <div className={styles.bar}>
          <h1 className={styles.title}>Connections</h1>
        </div>
        {connections?.map((connection) => {
          const state = feed && feed.connection === connection.name ? feed.state : "off";
          return (
            <Link
              key={connection.name}
              to="/connections"
              search={{ name: connection.name }}
              className={styles.item}
              aria-current={connection === chosen ? "true" : undefined}
            >
              <span className={styles.name}>{connection.name}</span>
              <span className={styles.facts}>
                <EnvironmentMark environment={connection.environment} />
                {state === "off" ? null : (
                  <span className={styles.state}>
                    <FeedGlyph state={state} /> {FEED_STATES[state].word}
                  </span>
                )}
              </span>
            </Link>
          );
        })}
        <Link
          to="/connections"
          search={{ new: true }}
          className={styles.add}
          aria-current={creating ? "true" : undefined}
        >
          <Plus size={14} aria-hidden="true" /> Add a connection
        </Link>
      </nav>
      <div className={styles.body} data-region="connection" tabIndex={-1}>
        {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {editing && connections ? (
          <ConnectionEditor
            key={creating ? "new connection" : `saved ${editing.name}`}
            saved={editing}
            isNew={creating === true}
            otherNames={connections.filter((other) => other !== chosen).map((other) => other.name)}
          />
        ) : null}
        {connections?.length === 0 && !creating ? (
          <EmptyState
            title="Add your first connection"
            actions={
              <Link to="/connections" search={{ new: true }} className={styles.first}>
                Add a connection
              </Link>
            }
          >
            A connection is a saved way to reach one Kafka cluster. Its password stays in the keyring of the
            system.
          </EmptyState>
        ) : null}
      </div>
    </div>
  );
}
