import { LOCALE } from "./locale";

const THIN_SPACE = "\u202f";
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dayOfYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const dayOfCentury = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
const timeOfDay = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hour12: false });
const secondOfDay = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
const utcDay = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const clock = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** Exact digits, grouped by thin spaces: `12 431`. */
export function formatCount(value: number): string {
  return counts.format(value).replaceAll(",", THIN_SPACE);
}

/** `1 issue`, `12 431 issues`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Sizes in the units a file manager shows: `1.9 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Records per second: one decimal only where it says something. */
export function formatRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}

/** Time a query took: `38 ms`, `<1 ms`, `1.2 s`. */
export function formatTook(ms: number): string {
  if (ms < 1) return "<1 ms";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Age in its largest unit, a date beyond 60 days: `4 s`, `12 m`, `3 h`, `41 d`, `2 Feb`. */
export function formatAge(time: number, now: number): string {
  const age = Math.max(0, now - time);
  if (age < MINUTE) return `${Math.floor(age / 1000)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < 60 * DAY) return `${Math.floor(age / DAY)} d`;
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayOfYear : dayOfCentury).format(time);
}

/** Date and time to the second, local. */
export function formatExact(time: number): string {
  return exact.format(time);
}

/** Time of day to the second, local: `14:32:05`. */
export function formatClock(time: number): string {
  return secondOfDay.format(time);
}

/** Date and time to the millisecond, in the form that can be sorted and searched. */
export function formatPrecise(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const at = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${at}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Label of a chart's time axis: the day at midnight, the time otherwise. */
export function formatTick(time: number): string {
  const date = new Date(time);
  return date.getHours() === 0 && date.getMinutes() === 0 ? dayOfYear.format(time) : timeOfDay.format(time);
}

/** Day and hour, as a chart names its bars. */
export function formatHour(time: number): string {
  return clock.format(time);
}

/** A span in its two largest units: `2 h 5 min`, `3 d`, `40 s`. */
export function formatSpan(ms: number): string {
  const units: [number, string][] = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
    [1000, "s"],
  ];
  const largest = units.findIndex(([size]) => ms >= size);
  if (largest === -1) return "0 s";
  let rest = ms;
  return units
    .slice(largest, largest + 2)
    .flatMap(([size, name]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? [`${count} ${name}`] : [];
    })
    .join(" ");
}

/** Minutes as a person would say them: `30 minutes`, `2 hours`, `1 day`, `1 day 2 hours`. */
export function formatMinutes(minutes: number): string {
  const units: [number, string][] = [
    [1440, "day"],
    [60, "hour"],
    [1, "minute"],
  ];
  let rest = Math.round(minutes);
  const parts = units.flatMap(([size, name]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [plural(count, name)] : [];
  });
  return parts.join(" ") || "0 minutes";
}

/** Time of day, with the day in front unless it is today. */
export function formatMoment(time: number, now: number): string {
  const sameDay = new Date(time).toDateString() === new Date(now).toDateString();
  return (sameDay ? timeOfDay : clock).format(time);
}

/** `2026-11-20` → `Fri, 20 Nov 2026`; what is no day stays as it is. */
export function formatUtcDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : utcDay.format(at);
}

/** A share of one: `125 %`. */
export const formatPercent = (share: number): string => `${Math.round(share * 100)}${THIN_SPACE}%`;
