import type { OutcomeRow } from "@/ipc";
import { formatCount, formatHour, plural } from "@/lib/format";
import { OUTCOMES, type OutcomeKind, outcomeText } from "./reasons";

const HOUR = 3_600_000;

/** How the records of one hour ended. */
export type OutcomeHour = { start: number } & Record<OutcomeKind, number>;

/** Hours without a gap, up to the current one; those without records are zero. */
export function fillHours(rows: readonly OutcomeRow[], hours: number, now: number): OutcomeHour[] {
  const current = Math.floor(now / HOUR) * HOUR;
  const first = current - (hours - 1) * HOUR;
  const filled = Array.from(
    { length: hours },
    (_, at): OutcomeHour => ({
      start: first + at * HOUR,
      accepted: 0,
      dropped: 0,
      dead_lettered: 0,
    }),
  );
  for (const row of rows) {
    const kind = OUTCOMES.find((known) => known === row.outcome);
    const hour = filled[Math.floor((Date.parse(row.group) - first) / HOUR)];
    if (kind && hour) hour[kind] += row.quantity;
  }
  return filled;
}

const sumOf = (hour: OutcomeHour) => hour.accepted + hour.dropped + hour.dead_lettered;

/** `3 210 accepted, 40 dropped, 12 set aside`. */
export function describeHour(hour: OutcomeHour): string {
  return OUTCOMES.map((kind) => `${formatCount(hour[kind])} ${outcomeText(kind)}`).join(", ");
}

/** One sentence that says what the bars show, for people who do not see them. */
export function summarizeOutcomes(hours: readonly OutcomeHour[]): string {
  const total = hours.reduce((sum, hour) => sum + sumOf(hour), 0);
  const span = hours.length > 48 ? `${Math.round(hours.length / 24)} days` : `${hours.length} hours`;
  if (total === 0) return `No records in the last ${span}.`;
  const aside = hours.reduce((sum, hour) => sum + hour.dead_lettered, 0);
  const worst = hours.reduce((most, hour) => (hour.dead_lettered > most.dead_lettered ? hour : most));
  const records = `${plural(total, "record")} in the last ${span}`;
  if (aside === 0) return `${records}, none set aside.`;
  return `${records}; ${formatCount(aside)} set aside, most in the hour of ${formatHour(worst.start)} with ${formatCount(
    worst.dead_lettered,
  )}.`;
}
