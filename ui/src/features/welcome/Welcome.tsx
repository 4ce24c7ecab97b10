import { useNavigate } from "@tanstack/react-router";
import { Cable, FlaskConical } from "lucide-react";
import { DEMO, useFeedControl } from "@/app/feedControl";
import { useFeed } from "@/app/queries";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/ErrorNotice";
import { testIds } from "@/lib/testIds";
import styles from "./Welcome.module.css";

/** The first screen of an empty store: two ways to get something into it. */
export function Welcome() {
  const navigate = useNavigate();
  const feed = useFeed();
  const { start, busy, error } = useFeedControl();
  const running = feed !== undefined && feed.state !== "off" && feed.state !== "failed";
  return (
    <div className={styles.welcome}>
      <h2 className={styles.title}>No issues yet</h2>
      <p className={styles.lead}>
        {running
          ? `Listening to ${feed.connection}. Issues appear here as soon as the first occurrence is stored.`
          : "Picket groups problem messages from Kafka into issues. Nothing leaves this computer."}
      </p>
      {running ? null : (
        <div className={styles.ways}>
          <section className={styles.way}>
            <FlaskConical size={20} strokeWidth={1.75} aria-hidden="true" />
            <h3>Try it</h3>
            <p>A small Kafka cluster inside Picket sends invented problems, at a pace one can watch.</p>
            <Button
              kind="primary"
              disabled={busy}
              onClick={() => start(DEMO)}
              data-testid={testIds.startDemo}
            >
              Load demo data
            </Button>
          </section>
          <section className={styles.way}>
            <Cable size={20} strokeWidth={1.75} aria-hidden="true" />
            <h3>Connect</h3>
            <p>Read from your own cluster. Observing joins no consumer group and commits nothing.</p>
            <Button
              onClick={() => void navigate({ to: "/connections", search: { new: true } })}
              data-testid={testIds.addConnection}
            >
              Connect a cluster
            </Button>
          </section>
        </div>
      )}
      {error ? <ErrorNotice error={error} onRetry={() => start(DEMO)} /> : null}
    </div>
  );
}
