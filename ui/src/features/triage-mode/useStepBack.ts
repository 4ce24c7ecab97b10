import { useServices } from "@/app/services";
import { useUndo } from "@/features/journal/useUndo";
import { stepBack, type TriageRun } from "./triageRun";

/** What going back is called. */
export const STEP_BACK = "Back to the issue before, and take back what was done";

/** Goes back to the issue before, and takes back what was done about it; null at the first one. */
export function useStepBack(run: TriageRun): (() => void) | null {
  const { triageRun } = useServices();
  const { undoEntry } = useUndo();
  const last = run.decisions.at(-1);
  if (!last) return null;
  return () => {
    triageRun.set((now) => now && stepBack(now));
    if (last.journal !== null) void undoEntry(last.journal, null);
  };
}
