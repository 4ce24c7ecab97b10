import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "@/components/IconButton";
import { Value } from "@/features/search/Value";
import type { OccurrenceDetail, OccurrencePosition } from "@/ipc";
import { formatCount, formatPrecise } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./OccurrenceBar.module.css";

interface OccurrenceBarProps {
  occurrence: OccurrenceDetail | undefined;
  goTo: (position: OccurrencePosition) => Promise<void>;
}

/** Which occurrence is open, and the way to the others. Older is left, newer is right, as on the chart above. */
export function OccurrenceBar({ occurrence, goTo }: OccurrenceBarProps) {
  const older = occurrence?.older;
  const newer = occurrence?.newer;
  const open = (position: OccurrencePosition) => () => void goTo(position);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Occurrences">
      <IconButton
        label="Oldest"
        action="occurrence.oldest"
        disabled={!older}
        onClick={open({ kind: "oldest" })}
      >
        <ChevronFirst size={16} />
      </IconButton>
      <IconButton
        label="Older"
        action="occurrence.older"
        disabled={!older}
        onClick={older ? open({ kind: "exact", id: older }) : undefined}
      >
        <ChevronLeft size={16} />
      </IconButton>
      <span
        className={styles.position}
        data-testid={testIds.occurrencePosition}
        data-position={occurrence?.position}
        data-total={occurrence?.total}
      >
        {occurrence ? (
          <>
            Occurrence <strong>{formatCount(occurrence.position)}</strong> of {formatCount(occurrence.total)}
          </>
        ) : (
          "Occurrence"
        )}
      </span>
      <IconButton
        label="Newer"
        action="occurrence.newer"
        disabled={!newer}
        onClick={newer ? open({ kind: "exact", id: newer }) : undefined}
      >
        <ChevronRight size={16} />
      </IconButton>
      <IconButton
        label="Newest"
        action="occurrence.newest"
        disabled={!newer}
        onClick={open({ kind: "newest" })}
      >
        <ChevronLast size={16} />
      </IconButton>
      {occurrence ? (
        <span className={styles.facts}>
          <time dateTime={new Date(occurrence.event_time).toISOString()}>
            {formatPrecise(occurrence.event_time)}
          </time>
          {occurrence.environment ? <Value field="environment" value={occurrence.environment} /> : null}
          {occurrence.release ? (
            <span>
              release <Value field="release" value={occurrence.release} />
            </span>
          ) : null}
        </span>
      ) : null}
    </div>
  );
}
