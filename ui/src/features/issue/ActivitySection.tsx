import { useQuery } from "@tanstack/react-query";
import {
  Archive,
  ArchiveRestore,
  CircleCheck,
  CircleDot,
  Eye,
  Merge,
  MessageSquare,
  RotateCcw,
  Signal,
  Sparkles,
  TrendingUp,
  UserRound,
} from "lucide-react";
import { type Ref, useState } from "react";
import { usePeople } from "@/app/people";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useNow } from "@/components/useNow";
import { When } from "@/components/When";
import { testIds } from "@/lib/testIds";
import styles from "./ActivitySection.module.css";
import { type ActivityMark, activityText } from "./activityText";

/** Entries that are read at first, and each time more are asked for. */
const STEP = 30;

const ICONS: Record<ActivityMark, typeof Archive> = {
  resolved: CircleCheck,
  unresolved: ArchiveRestore,
  archived: Archive,
  regressed: RotateCcw,
  escalating: TrendingUp,
  priority: Signal,
  person: UserRound,
  note: MessageSquare,
  review: Eye,
  merge: Merge,
  first: Sparkles,
  other: CircleDot,
};

/** What happened to the issue, newest first, down to the first sighting. */
export function ActivitySection({ id, ref }: { id: string; ref: Ref<HTMLHeadingElement> }) {
  const { host } = useServices();
  const people = usePeople();
  const now = useNow();
  const [asked, setAsked] = useState({ id, limit: STEP });
  const limit = asked.id === id ? asked.limit : STEP;
  const answer = useQuery({
    ...asks.activities(host, id, limit),
    // More of the same issue is added below; another issue starts empty.
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });
  const entries = answer.data;
  const more = entries !== undefined && entries.length >= limit;
  return (
    <section className={styles.section}>
      <h2 ref={ref} className={styles.heading} tabIndex={-1}>
        Activity
      </h2>
      {answer.error ? (
        <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} />
      ) : (
        <ol className={styles.list} data-testid={testIds.activityList}>
          {entries?.map((activity, at) => {
            const { mark, sentence, body } = activityText(activity, people);
            const Icon = ICONS[mark];
            return (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
                key={at}
                className={styles.entry}
                data-testid={testIds.activityEntry}
                data-kind={activity.kind}
              >
                <Icon size={14} className={styles.icon} aria-hidden="true" />
                <div className={styles.texts}>
                  <span>{sentence}</span>
                  {body ? <p className={styles.body}>{body}</p> : null}
                </div>
                <When time={activity.at} now={now} className={styles.time} />
              </li>
            );
          })}
        </ol>
      )}
      {more ? (
        <Button
          kind="quiet"
          disabled={answer.isFetching}
          data-testid={testIds.activityMore}
          onClick={() => setAsked({ id, limit: limit + STEP })}
        >
          Older entries
        </Button>
      ) : null}
    </section>
  );
}
