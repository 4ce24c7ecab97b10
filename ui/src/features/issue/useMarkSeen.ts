import { useEffect } from "react";
import { useServices } from "@/app/services";
import type { IssueRow } from "@/ipc";

/** An issue that is opened has been seen. Only a dot hangs on it, so a failure is not worth a word. */
export function useMarkSeen(id: string, row: IssueRow | undefined, blocked: boolean): void {
  const { host, rows } = useServices();
  const unseen = row !== undefined && row.id === id && !row.has_seen && !blocked;
  useEffect(() => {
    if (!unseen) return;
    host
      .issueOpened(id)
      .then(() => rows.reread([id]))
      .catch(() => undefined);
  }, [host, rows, id, unseen]);
}
