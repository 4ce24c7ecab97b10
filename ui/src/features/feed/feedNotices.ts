import { errorWords } from "@/components/errorWords";
import { reasonText } from "@/features/outcomes/reasons";
import { type FeedStatus, HostError } from "@/ipc";
import { formatMoment, plural } from "@/lib/format";

export type NoticeKind = "paused" | "failed" | "store" | "broker" | "counters";

/** Something that is wrong with the feed, for everybody to see on every screen. */
export interface FeedNotice {
  kind: NoticeKind;
  /** Whether nothing is read any more, or it goes on by itself. */
  severity: "stopped" | "waiting";
  title: string;
  text: string;
  /** Reason word to look at among the dead letters. */
  seeReason?: string;
  /** It goes on only when somebody starts it. */
  canStart: boolean;
}

const sentence = (text: string) => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

function stopped(feed: FeedStatus): FeedNotice | null {
  const { paused } = feed;
  if (paused) {
    return {
      kind: "paused",
      severity: "stopped",
      title: `Reading from ${feed.connection} has stopped.`,
      text:
        `${plural(paused.rejected, "record")} of the last ${plural(paused.of, "record")} could not be read, ` +
        `most because of “${reasonText(paused.top_reason)}”. ` +
        "It has stopped so that a wrong schema does not fill the table.",
      seeReason: paused.top_reason,
      canStart: true,
    };
  }
  if (feed.state !== "failed") return null;
  return {
    kind: "failed",
    severity: "stopped",
    title: `The feed of ${feed.connection} has ended.`,
    text:
      feed.problem ?? "It did not say why. Start it again; if it ends again, run the test in Connections.",
    canStart: true,
  };
}

function waiting(feed: FeedStatus): FeedNotice | null {
  if (feed.state !== "retrying") return null;
  const store = feed.away === "store";
  const fallback = store
    ? "Nothing is lost: what has been read is stored as soon as it is back."
    : "Nothing is lost: reading goes on where it was as soon as it is back.";
  return {
    kind: store ? "store" : "broker",
    severity: "waiting",
    title: store ? "The store is away." : "The broker is away.",
    text: `${feed.problem ? sentence(feed.problem) : fallback} Picket keeps trying.`,
    canStart: false,
  };
}

function withoutCounters(feed: FeedStatus, now: number): FeedNotice | null {
  const { counters } = feed;
  if (counters.away_since === null) return null;
  const without =
    counters.decided_without === 0
      ? ""
      : ` ${plural(counters.decided_without, "decision was", "decisions were")} made without them.`;
  return {
    kind: "counters",
    severity: "waiting",
    title: `${counters.kind === "redis" ? "Redis is" : "The counters are"} away since ${formatMoment(
      counters.away_since,
      now,
    )}.`,
    text:
      `Noise reduction and quotas are off until it is back.${without}` +
      (counters.reason
        ? ` ${sentence(`${counters.reason.charAt(0).toUpperCase()}${counters.reason.slice(1)}`)}`
        : ""),
    canStart: false,
  };
}

/** The store cannot even be read, whether or not a feed runs. */
function unreadable(error: unknown): FeedNotice | null {
  if (!(error instanceof HostError) || error.code !== "store_unavailable") return null;
  return {
    kind: "store",
    severity: "waiting",
    title: "The store is away.",
    text: `${sentence(errorWords(error).message)} What is shown stays as it was; Picket keeps trying.`,
    canStart: false,
  };
}

/** Everything that is wrong, the worst first, each kind once. `storeError`: why the store could not be read. */
export function feedNotices(feed: FeedStatus | undefined, storeError: unknown, now: number): FeedNotice[] {
  const found = feed ? [stopped(feed), waiting(feed), withoutCounters(feed, now)] : [];
  const notices = [...found, unreadable(storeError)].filter((notice) => notice !== null);
  return notices.filter((notice, at) => notices.findIndex((other) => other.kind === notice.kind) === at);
}
