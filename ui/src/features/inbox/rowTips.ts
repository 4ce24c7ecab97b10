import { badgesOf } from "@/components/badges";
import { levelMark } from "@/components/levels";
import type { IssueRow } from "@/ipc";
import { LIST_COLUMNS, type ListColumn } from "./listColumns";

/** What a row has no room for: the whole issue, a line for each of its parts. */
export function issueTip(row: IssueRow): string {
  const place = [row.project, row.culprit, row.short_id, row.issue_type_name].filter(Boolean).join(" · ");
  const badges = badgesOf(row).map(({ meaning }) => meaning);
  return [row.title, row.subtitle, place, badges.join(" · ")].filter(Boolean).join("\n");
}

/** What is said of a cell that the keyboard is on. `column`: absent in front of the columns. */
export function cellTip(cell: HTMLElement, row: IssueRow): string {
  const column = cell.dataset.column as ListColumn | undefined;
  if (column === undefined) {
    if (cell.dataset.cell === "issue") return issueTip(row);
    return [levelMark(row.level).word, row.has_seen ? "" : "not seen yet"].filter(Boolean).join(", ");
  }
  const said =
    cell.dataset.tip ?? cell.querySelector<HTMLElement>("[data-tip]")?.dataset.tip ?? cell.textContent;
  return `${LIST_COLUMNS[column].title}: ${said || "none"}`;
}
