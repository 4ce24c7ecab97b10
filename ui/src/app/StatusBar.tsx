import { useQuery } from "@tanstack/react-query";
import { lengthOf } from "@/features/inbox/inboxMemory";
import { useKeymap } from "@/keyboard/usePressedKeys";
import { formatBytes, formatCount, formatTook } from "@/lib/format";
import { useValue } from "@/lib/valueStore";
import { asks, useFeed } from "./queries";
import styles from "./StatusBar.module.css";
import { useServices } from "./services";

/** How often the store's size is asked for. */
const SIZE_EVERY_MS = 10_000;

/** The numbers of the last query, of the store and of the feed, and one hint. */
export function StatusBar() {
  const { host, inbox, hint } = useServices();
  const list = useValue(inbox.list);
  const { text } = useValue(hint);
  const { words } = useKeymap();
  const feed = useFeed();
  const info = useQuery({ ...asks.appInfo(host), refetchInterval: SIZE_EVERY_MS }).data;
  return (
    <footer className={styles.bar} data-region="status" tabIndex={-1}>
      {list ? (
        <span>
          {lengthOf(list)} · {formatTook(list.snapshot.took_ms)}
        </span>
      ) : null}
      {info ? <span data-tip={info.store}>store {formatBytes(info.store_bytes)}</span> : null}
      {info?.demo_store ? <span className={styles.tag}>Demo store</span> : null}
      {info?.read_only ? (
        <span className={styles.warn} data-tip={info.read_only}>
          read-only
        </span>
      ) : null}
      {feed && feed.state !== "off" && feed.lag !== null ? <span>lag {formatCount(feed.lag)}</span> : null}
      <span className={styles.hint}>{text(words)}</span>
    </footer>
  );
}
