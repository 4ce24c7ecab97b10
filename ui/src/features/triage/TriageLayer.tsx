import { RemoveDialog } from "@/features/bulk/RemoveDialog";
import { LabelsDialog } from "./LabelsDialog";
import { NoteDialog } from "./NoteDialog";
import { ReleaseDialog } from "./ReleaseDialog";
import { SnoozeDialog } from "./SnoozeDialog";
import type { Triage } from "./useTriage";

/** The dialogs that a change may open. */
export function TriageLayer({ triage }: { triage: Triage }) {
  return (
    <>
      <SnoozeDialog triage={triage} />
      <ReleaseDialog triage={triage} />
      <LabelsDialog triage={triage} />
      <NoteDialog triage={triage} />
      <RemoveDialog triage={triage} />
    </>
  );
}
