/** Milliseconds of a day, of which UTC has no longer or shorter ones. */
const DAY = 86_400_000;

/** First and last day that a search can be about, as its dates have years of four digits. */
const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(9999, 11, 31);

/** A day as a search writes it. */
const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})$/;
/** What a day can begin with while it is typed. */
const BEGINNING = /^\d{0,4}$|^\d{4}-\d{0,2}$|^\d{4}-\d{2}-\d?$/;

/** Keys whose values are times (search specification, section 7.2), in each of their spellings. */
const TIMES: ReadonlySet<string> = new Set([
  "age",
  "date",
  "error.received",
  "event.timestamp",
  "first_seen",
  "firstSeen",
  "last_seen",
  "lastSeen",
  "timestamp",
]);

/** A key of which the value is being typed, with the operator in front of the value. */
const KEY = /(?:^|[\s(!])"?([\w.]+)"?:(?:>=|<=|!=|>|<|=)?$/;

/** Whether the values of a key are times. */
export const isTimeKey = (key: string): boolean => TIMES.has(key);

/** Whether what stands in front of a value is a key that wants a time. */
export function isBeforeTime(before: string): boolean {
  const key = KEY.exec(before)?.[1];
  return key !== undefined && isTimeKey(key);
}

/** A key with a distance from the present as its value. */
const DISTANCE = /(?:^|[\s(!])"?([\w.]+)"?:(?:>=|<=|!=|>|<|=)?"?[+-]\d+[mhdw]/g;

/** Whether a search asks for times as seen from the present, so that its answer changes as time goes on. */
export const asksRelativeTime = (query: string): boolean =>
  [...query.matchAll(DISTANCE)].some(([, key = ""]) => TIMES.has(key));

/** Whether a text is nothing yet, or the beginning of a day, or one: then a calendar may say the rest. */
export const mayBeDay = (typed: string): boolean => BEGINNING.test(typed) || readDay(typed) !== null;

/** The day that a text names, as its first moment in UTC; null where there is none such. */
export function readDay(text: string): number | null {
  const [, year, month, day] = (WRITTEN.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const time = Date.UTC(year, month - 1, day);
  // What is no day, such as the 31st of a short month, comes back as another one.
  return time >= FIRST && time <= LAST && writeDay(time) === text ? time : null;
}

/** A day as a search writes it. */
export const writeDay = (day: number): string => new Date(day).toISOString().slice(0, 10);

/** The day a moment is in. */
export const dayOf = (time: number): number => bounded(Math.floor(time / DAY) * DAY);

const bounded = (day: number): number => Math.min(LAST, Math.max(FIRST, day));

/** So many days later, or earlier, as far as there are any. */
export const daysLater = (day: number, days: number): number => bounded(day + days * DAY);

/** The same day so many months later, or earlier, or the last one of that month where it is shorter. */
export function monthsLater(day: number, months: number): number {
  const from = new Date(day);
  const begin = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const length = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 0)).getUTCDate();
  return bounded(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth(), Math.min(from.getUTCDate(), length)));
}

/** How far a day is from the Monday of its week. */
export const weekday = (day: number): number => (new Date(day).getUTCDay() + 6) % 7;

/** The weeks of the month of a day, from Monday; null for what belongs to the months beside it. */
export function weeksOf(day: number): (number | null)[][] {
  const month = new Date(day);
  const first = Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1);
  const length = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
  const before = weekday(first);
  return Array.from({ length: Math.ceil((before + length) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, column) => {
      const at = week * 7 + column - before;
      return at < 0 || at >= length ? null : first + at * DAY;
    }),
  );
}

/** The day a key of a calendar leads to; null for other keys. */
export function dayByKey(day: number, key: string, shift: boolean): number | null {
  switch (key) {
    case "ArrowLeft":
      return daysLater(day, -1);
    case "ArrowRight":
      return daysLater(day, 1);
    case "ArrowUp":
      return daysLater(day, -7);
    case "ArrowDown":
      return daysLater(day, 7);
    case "Home":
      return daysLater(day, -weekday(day));
    case "End":
      return daysLater(day, 6 - weekday(day));
    case "PageUp":
      return monthsLater(day, shift ? -12 : -1);
    case "PageDown":
      return monthsLater(day, shift ? 12 : 1);
    default:
      return null;
  }
}
