import type { Subject } from "@/features/triage/subject";
import type { ExportSource } from "@/ipc";
import { plural } from "@/lib/format";

/** What can be exported: a list, or a part of one. */
export interface Exportable {
  source: ExportSource;
  /** How many there are, where this window knows it. */
  count: number | null;
  /** `SHOP-1A`, `14 issues`, `jobs`. */
  name: string;
}

export const issuesOf = ({ selection, count, row, name }: Subject): Exportable => ({
  source: { kind: "issues", selection },
  count,
  name: row ? name : plural(count, "issue"),
});
