import type { Term } from "./terms";

/** How a row of the builder compares. */
export const COMPARISONS = [
  { value: "is", label: "is" },
  { value: "not", label: "is not" },
  { value: "contains", label: "contains" },
  { value: "lacks", label: "does not contain" },
  { value: "starts", label: "starts with" },
  { value: "ends", label: "ends with" },
  { value: ">", label: "more than" },
  { value: ">=", label: "at least" },
  { value: "<", label: "less than" },
  { value: "<=", label: "at most" },
] as const;
export type Comparison = (typeof COMPARISONS)[number]["value"];

type Compared = Pick<Term, "negated" | "operator" | "value">;

/** Which ends of a value are open (search specification, section 2.5). */
const OPEN: Partial<Record<Comparison, readonly [before: boolean, after: boolean]>> = {
  contains: [true, true],
  lacks: [true, true],
  starts: [false, true],
  ends: [true, false],
};

/** Whether a star stands for anything, as those without an odd number of backslashes before them do. */
const hasWildcard = (value: string) =>
  [...value.matchAll(/(\\*)\*/g)].some(([, slashes = ""]) => slashes.length % 2 === 0);

/** The text between open ends, where it has no wildcard itself; null where it has, or an end is not open. */
function between(value: string, [before, after]: readonly [boolean, boolean]): string | null {
  if (before && !value.startsWith("*")) return null;
  const inner = before ? value.slice(1) : value;
  if (after && !(inner.endsWith("*") && hasWildcard(inner))) return null;
  const text = after ? inner.slice(0, -1) : inner;
  // Without one in it, the star that was found is the one at the end.
  return hasWildcard(text) ? null : text.replace(/\\([\s\S])/g, "$1");
}

/** What a row shows as its value; null where the term does not compare in this way. */
export function comparedText(term: Compared, comparison: Comparison): string | null {
  const isNegative = term.negated || term.operator === "!=";
  const operator = ["=", "!="].includes(term.operator) ? "" : term.operator;
  const open = OPEN[comparison];
  if (open) {
    if (operator !== "" || isNegative !== (comparison === "lacks")) return null;
    return between(term.value, open);
  }
  if (comparison === "is" || comparison === "not") {
    return operator === "" && isNegative === (comparison === "not") ? term.value : null;
  }
  return operator === comparison && !isNegative ? term.value : null;
}

/** How a term compares. */
export function comparisonOf(term: Compared): Comparison {
  // A value with open ends is one for "is", too, which says less.
  const order: Comparison[] = ["contains", "lacks", "starts", "ends", ">", ">=", "<", "<=", "not"];
  return order.find((comparison) => comparedText(term, comparison) !== null) ?? "is";
}

/** A term that compares a text in this way. */
export function compare<T extends Compared>(term: T, comparison: Comparison, text: string): T {
  const open = OPEN[comparison];
  const operator = ["is", "not"].includes(comparison) || open ? "" : comparison;
  const negated = comparison === "not" || comparison === "lacks";
  if (!open) return { ...term, negated, operator, value: text };
  const literal = text.replace(/[\\*]/g, "\\$&");
  return { ...term, negated, operator, value: `${open[0] ? "*" : ""}${literal}${open[1] ? "*" : ""}` };
}
