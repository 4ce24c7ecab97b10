import { ArrowLeft, ChevronDown, ChevronUp } from "lucide-react";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { badgesOf, badgeValue } from "@/components/badges";
import { CopyButton } from "@/components/CopyButton";
import { IconButton } from "@/components/IconButton";
import { LevelGlyph } from "@/components/LevelGlyph";
import { Value } from "@/features/search/Value";
import { TriageBar } from "@/features/triage/TriageBar";
import type { Triage } from "@/features/triage/useTriage";
import type { IssueDetail, IssueRow } from "@/ipc";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./IssueHeader.module.css";
import { StateLine } from "./StateLine";
import type { Queue } from "./useQueue";

interface IssueHeaderProps {
  row: IssueRow;
  detail: IssueDetail | undefined;
  queue: Queue;
  triage: Triage;
}

/** Way back, place in the list, what the issue is and what can be done with it. */
export function IssueHeader({ row, detail, queue, triage }: IssueHeaderProps) {
  return (
    <header
      className={styles.header}
      data-region="header"
      data-testid={testIds.issueHeader}
      data-issue-id={row.id}
    >
      <div className={styles.way}>
        <Button kind="quiet" onClick={queue.leave} aria-keyshortcuts="Escape">
          <ArrowLeft size={14} aria-hidden="true" /> {queue.leavesTo}
        </Button>
        {queue.place !== null ? (
          <span className={styles.place}>
            {formatCount(queue.place)} of {queue.length}
          </span>
        ) : null}
        <IconButton
          label="Previous issue"
          action="issue.previous"
          disabled={!queue.previous}
          onClick={queue.previous ?? undefined}
        >
          <ChevronUp size={16} />
        </IconButton>
        <IconButton
          label="Next issue"
          action="issue.next"
          disabled={!queue.next}
          onClick={queue.next ?? undefined}
        >
          <ChevronDown size={16} />
        </IconButton>
        <span className={styles.facts}>
          <span className={styles.id}>{row.short_id}</span>
          <CopyButton text={row.short_id} label="Copy the short id" iconOnly />
        </span>
        <div className={styles.actions}>
          <TriageBar row={row} triage={triage} />
        </div>
      </div>
      <div className={styles.head}>
        <span className={styles.glyph}>
          <Value field="level" value={row.level}>
            <LevelGlyph level={row.level} size={18} />
          </Value>
        </span>
        <div className={styles.texts}>
          <h1 className={styles.title}>{row.title}</h1>
          {row.subtitle ? <p className={styles.subtitle}>{row.subtitle}</p> : null}
          <p className={styles.meta}>
            {badgesOf(row).map((badge) => (
              <Badge key={badge.kind} badge={badge} value={badgeValue(badge, row)} />
            ))}
            <Value field="project" value={row.project} />
            <Value field="issue.type" value={row.issue_type}>
              {row.issue_type_name}
            </Value>
            {row.culprit ? <Value field="culprit" value={row.culprit} className={styles.culprit} /> : null}
          </p>
        </div>
      </div>
      <StateLine row={row} detail={detail} triage={triage} />
    </header>
  );
}
