import { plural } from "@/lib/format";

/** What a title says that counts for itself: `Resolved 14 issues`. */
const COUNTS = /\d\s+issues?\b/;

/** What was done, and with how many issues: `Resolve · 13 477 issues`. */
export const countedTitle = (title: string, issues: number): string =>
  COUNTS.test(title) ? title : `${title} · ${plural(issues, "issue")}`;
