import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { usePreferences } from "@/app/preferences";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { useRested } from "@/components/useRested";
import { oneIssue } from "@/features/triage/subject";
import type { ChangeListener } from "@/features/triage/useIssueChange";
import { useTriage } from "@/features/triage/useTriage";
import type { IssueRow } from "@/ipc";
import { ActionCaps } from "@/keyboard/KeyCaps";
import { testIds } from "@/lib/testIds";
import { useValue, type ValueStore } from "@/lib/valueStore";
import { IssueGlance } from "./IssueGlance";
import { PanelEdge } from "./PanelEdge";
import styles from "./PreviewPanel.module.css";

/** Rest of the cursor before an issue is read: holding a key down should not read every issue on the way. */
const REST_MS = 80;

interface PreviewPanelProps {
  /** Issue under the cursor. */
  cursor: ValueStore<string | null>;
  onChanged: ChangeListener;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** A look at the issue under the cursor beside or below the list. */
export function PreviewPanel({ cursor, onChanged, onOpen, onClose }: PreviewPanelProps) {
  const { rows } = useServices();
  const { previewSide: side, previewWidth, previewHeight } = usePreferences();
  const size = side === "right" ? previewWidth : previewHeight;
  const id = useRested(useValue(cursor), REST_MS);
  return (
    <aside
      className={styles.panel}
      style={side === "right" ? { width: size } : { height: size }}
      data-side={side}
      aria-label="Preview"
      data-region="preview"
      data-testid={testIds.preview}
      data-issue-id={id ?? undefined}
    >
      <PanelEdge side={side} size={size} />
      <div className={styles.tools}>
        {id === null ? null : (
          <Button kind="quiet" onClick={() => onOpen(id)}>
            Open <ActionCaps action="inbox.open" />
          </Button>
        )}
        <IconButton label="Close the preview" action="inbox.preview" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </div>
      {id === null ? (
        <p className={styles.none}>Pick an issue.</p>
      ) : (
        <Content key={id} id={id} known={rows.get(id)} onChanged={onChanged} />
      )}
    </aside>
  );
}

interface ContentProps {
  id: string;
  /** The row of the list, shown until the rest is read. */
  known: IssueRow | undefined;
  onChanged: ChangeListener;
}

function Content({ id, known, onChanged }: ContentProps) {
  const { host } = useServices();
  const row = useQuery(asks.issue(host, id)).data?.row ?? known;
  const subject = row ? oneIssue(id, row) : undefined;
  const triage = useTriage({ subject: () => subject ?? null, known: subject, scope: "issue", onChanged });
  return (
    <div className={styles.content}>
      <div className={styles.glance}>
        <IssueGlance id={id} known={known} triage={triage} />
      </div>
    </div>
  );
}
