import type { SimilarIssue } from "@/ipc";
import { formatCount, plural } from "@/lib/format";

/** From this score on two issues are called similar: about a third of what they could share, they share. */
export const SIMILAR_FROM = 0.3;

/** `0.93` */
export const scoreText = (score: number): string => score.toFixed(2);

function frameWords({ frames, in_app }: SimilarIssue): string | null {
  const kind = in_app ? "in-app frame" : "frame";
  const { same, of } = frames;
  if (same === 0) return null;
  if (same < of) return `${formatCount(same)} of ${plural(of, kind)}`;
  return of === 1 ? `same ${kind}` : `same ${plural(of, kind)}`;
}

function titleWords({ words, same_title }: SimilarIssue): string {
  if (same_title) return "same title";
  const { same, of } = words;
  return same === 0 ? "other title" : `${formatCount(same)} of ${plural(of, "word")} of the titles`;
}

/** Why two issues are alike: `same 3 in-app frames, same KeyError, other title`. */
export function likenessWords(similar: SimilarIssue): string {
  const type = similar.error_type === null ? null : `same ${similar.error_type}`;
  return [frameWords(similar), type, titleWords(similar)].filter((part) => part !== null).join(", ");
}
