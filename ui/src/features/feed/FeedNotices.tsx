import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useFeedControl } from "@/app/feedControl";
import { asks, useFeed } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { Notice } from "@/components/Notice";
import { useNow } from "@/components/useNow";
import type { ConnectionProfile } from "@/ipc";
import { fromCatalogue } from "@/keyboard/catalogue";
import { useActions } from "@/keyboard/useActions";
import { testIds } from "@/lib/testIds";
import { type FeedNotice, feedNotices } from "./feedNotices";
import { StartProduction } from "./StartProduction";

/**
 * What is wrong with the feed, a line each. On most screens it stands above the status bar, so that a list above it
 * keeps every row where it is, and can be hidden; on Live it is part of the head and stays.
 */
export function FeedNotices({ hideable }: { hideable: boolean }) {
  const { host, announcer } = useServices();
  const navigate = useNavigate();
  const feed = useFeed();
  const connections = useQuery(asks.connections(host)).data ?? [];
  const storeError = useQuery(asks.appInfo(host)).error;
  const control = useFeedControl();
  const now = useNow();
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [asking, setAsking] = useState<ConnectionProfile | null>(null);

  const notices = feedNotices(feed, storeError, now);
  const shown = notices.filter((notice) => !hideable || !hidden.includes(notice.kind));
  // What is over may be shown again the next time.
  const over = hidden.filter((kind) => !notices.some((notice) => notice.kind === kind));
  if (over.length > 0) setHidden(hidden.filter((kind) => !over.includes(kind)));

  const spoken = shown.map((notice) => notice.title).join(" ");
  useEffect(() => {
    if (spoken) announcer.say(spoken, "notices");
  }, [announcer, spoken]);

  const start = () => {
    if (!feed) return;
    const connection = connections.find((other) => other.name === feed.connection);
    if (connection?.environment === "production") setAsking(connection);
    else control.start(feed.connection);
  };
  const see = (notice: FeedNotice) =>
    void navigate(
      notice.seeReason === undefined
        ? { to: "/live" }
        : { to: "/dead-letters", search: { reason: notice.seeReason } },
    );

  const restartable = notices.some((notice) => notice.canStart);
  useActions([
    {
      ...fromCatalogue("feed.start-again"),
      title: feed?.connection ? `Start the feed of ${feed.connection} again` : "Start the feed again",
      unavailable: restartable ? null : "nothing has stopped",
      run: start,
    },
  ]);

  return (
    <div data-region={shown.length > 0 ? "notices" : undefined}>
      {shown.map((notice) => (
        <Notice
          key={notice.kind}
          kind={notice.kind}
          severity={notice.severity}
          title={notice.title}
          text={notice.text}
          testId={testIds.feedNotice}
        >
          {hideable || notice.seeReason !== undefined ? (
            <Button data-testid={testIds.feedNoticeButton("see")} onClick={() => see(notice)}>
              {notice.seeReason === undefined ? "Details" : "See them"}
            </Button>
          ) : null}
          {notice.canStart ? (
            <Button
              kind="primary"
              disabled={control.busy}
              data-testid={testIds.feedNoticeButton("start")}
              onClick={start}
            >
              Start again
            </Button>
          ) : null}
          {hideable ? (
            <IconButton
              label="Hide"
              data-testid={testIds.feedNoticeButton("hide")}
              onClick={() => setHidden([...hidden, notice.kind])}
            >
              <X size={14} />
            </IconButton>
          ) : null}
        </Notice>
      ))}
      <StartProduction connection={asking} onClose={() => setAsking(null)} onStart={control.start} />
    </div>
  );
}
