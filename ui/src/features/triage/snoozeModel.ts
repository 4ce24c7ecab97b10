import type { IssueChange } from "@/ipc";
import { formatMoment } from "@/lib/format";
import { archiveTerm } from "./words";

export type SnoozeChoice =
  | "30m"
  | "2h"
  | "24h"
  | "tomorrow"
  | "monday"
  | "day"
  | "times"
  | "users"
  | "custom";
export type SpanUnit = "minutes" | "hours" | "days";

/** A span as it is typed. */
export interface SpanText {
  value: string;
  unit: SpanUnit;
}

/** Fields whose values may be wrong. */
export type SnoozeField = "day" | "duration" | "count" | "window" | "users" | "users-window";

/** What the chooser holds. Texts stay as they were typed. */
export interface SnoozeForm {
  choice: SnoozeChoice;
  day: string;
  duration: SpanText;
  count: string;
  window: SpanText;
  users: string;
  usersWindow: SpanText;
}

export const SNOOZE_DEFAULTS: SnoozeForm = {
  choice: "2h",
  day: "",
  duration: { value: "3", unit: "days" },
  count: "10",
  window: { value: "", unit: "hours" },
  users: "5",
  usersWindow: { value: "", unit: "hours" },
};

const MINUTE = 60_000;
/** The hour at which a day begins for whoever puts something off to it. */
const MORNING = 9;

const after = (minutes: number) => (now: number) => now + minutes * MINUTE;

/** The morning some days after the one on which `now` falls, where this computer is. */
function morning(now: number, days: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, MORNING).getTime();
}

/** The choices, what each of them is called, and when those end that are about a time alone. */
export const SNOOZE_CHOICES: readonly {
  value: SnoozeChoice;
  label: string;
  end?: (now: number) => number;
}[] = [
  { value: "30m", label: "For 30 minutes", end: after(30) },
  { value: "2h", label: "For 2 hours", end: after(120) },
  { value: "24h", label: "For 24 hours", end: after(1_440) },
  { value: "tomorrow", label: "Until tomorrow morning", end: (now) => morning(now, 1) },
  {
    value: "monday",
    label: "Until Monday morning",
    // On a Monday the next one is meant.
    end: (now) => morning(now, (8 - new Date(now).getDay()) % 7 || 7),
  },
  { value: "day", label: "Until a day" },
  { value: "times", label: "Until it is seen so many times" },
  { value: "users", label: "Until it affects so many users" },
  { value: "custom", label: "Custom: whichever comes first" },
];

/** Fields that a choice asks for. */
export const FIELDS_OF: Record<SnoozeChoice, readonly SnoozeField[]> = {
  "30m": [],
  "2h": [],
  "24h": [],
  tomorrow: [],
  monday: [],
  day: ["day"],
  times: ["count", "window"],
  users: ["users", "users-window"],
  custom: ["duration", "count", "window", "users", "users-window"],
};

const MINUTES: Record<SpanUnit, number> = { minutes: 1, hours: 60, days: 1_440 };
/** Longest window in which occurrences are counted: a week. */
const MAX_WINDOW = 10_080;
/** Longest time an issue is archived for: ten years. Beyond, forever is meant. */
const MAX_DURATION = 5_256_000;
const MAX_COUNT = 1_000_000_000;

export type ArchiveUntil = IssueChange & { kind: "archive_until" };

/** What a form asks for, and what is wrong with it. */
export interface SnoozeReading {
  /** Null while something is wrong. */
  change: ArchiveUntil | null;
  errors: Partial<Record<SnoozeField, string>>;
  /** What will happen, as a sentence; or what is missing. */
  summary: string;
}

/** Whole numbers from 1 on; null for an empty text. */
function wholeNumber(text: string, most: number): number | null | "wrong" {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const value = Number(trimmed);
  return /^\d+$/.test(trimmed) && value >= 1 && value <= most ? value : "wrong";
}

/** `2027-01-31` or `2027-01-31 14:30`, where this computer is. */
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2}))?$/;

/** When a day that was typed begins, or what is wrong with it. */
function readDay(text: string, now: number): number | string {
  const parts = DAY.exec(text.trim())?.slice(1).map(Number);
  const malformed = "Write it as 2027-01-31, or with a time as 2027-01-31 14:30.";
  if (!parts) return malformed;
  const [year = 0, month = 0, day = 0, hour, minute] = parts;
  const at = new Date(year, month - 1, day, Number.isNaN(hour) ? MORNING : hour, minute || 0);
  // 31 November would be 1 December, and 25 o'clock tomorrow.
  if (at.getMonth() !== month - 1 || at.getDate() !== day) return malformed;
  if (at.getTime() <= now) return "That is past.";
  return at.getTime() > now + MAX_DURATION * MINUTE ? "Enter at most ten years." : at.getTime();
}

/** Reads a form at a time. */
export function readSnooze(form: SnoozeForm, now: number): SnoozeReading {
  const errors: SnoozeReading["errors"] = {};
  const fields = FIELDS_OF[form.choice];
  const read = (field: SnoozeField, text: string, most: number, times: number, message: string) => {
    if (!fields.includes(field)) return null;
    const value = wholeNumber(text, Math.floor(most / times));
    if (value === "wrong") errors[field] = message;
    return typeof value === "number" ? value * times : null;
  };
  const whole = "Enter a whole number from 1 on.";
  const week = "A window is between one minute and seven days long.";
  const day = form.choice === "day" ? readDay(form.day, now) : null;
  if (typeof day === "string") errors.day = day;
  const fixed = SNOOZE_CHOICES.find((choice) => choice.value === form.choice)?.end?.(now) ?? null;
  const end = typeof day === "number" ? day : fixed;
  const minutes =
    (end === null ? null : Math.ceil((end - now) / MINUTE)) ??
    read(
      "duration",
      form.duration.value,
      MAX_DURATION,
      MINUTES[form.duration.unit],
      "Enter at most ten years.",
    );
  const count = read("count", form.count, MAX_COUNT, 1, whole);
  const window = read("window", form.window.value, MAX_WINDOW, MINUTES[form.window.unit], week);
  const users = read("users", form.users, MAX_COUNT, 1, whole);
  const usersWindow = read(
    "users-window",
    form.usersWindow.value,
    MAX_WINDOW,
    MINUTES[form.usersWindow.unit],
    week,
  );

  if (form.choice === "times" && count === null) errors.count ??= whole;
  if (form.choice === "users" && users === null) errors.users ??= whole;
  if (form.choice === "custom") {
    if (window !== null && count === null) errors.count ??= "A window needs a number of times.";
    if (usersWindow !== null && users === null) errors.users ??= "A window needs a number of users.";
    if (minutes === null && count === null && users === null && Object.keys(errors).length === 0) {
      errors.duration = "Give at least one condition.";
    }
  }
  if (Object.keys(errors).length > 0) {
    return { change: null, errors, summary: "Correct the marked fields first." };
  }
  const change: ArchiveUntil = {
    kind: "archive_until",
    minutes,
    count,
    window_minutes: window,
    user_count: users,
    user_window_minutes: usersWindow,
  };
  const isMoment = end !== null && ["tomorrow", "monday", "day"].includes(form.choice);
  const term = isMoment ? `until ${formatMoment(end, now)}` : archiveTerm(change);
  return { change, errors, summary: `Archives it ${term}.` };
}

/** Accepts what was remembered from the last time. */
export function acceptSnooze(value: unknown): SnoozeForm | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Partial<SnoozeForm>;
  const text = (given: unknown, fallback: string) => (typeof given === "string" ? given : fallback);
  const span = (given: SpanText | undefined, fallback: SpanText): SpanText => ({
    value: text(given?.value, fallback.value),
    unit: given && given.unit in MINUTES ? given.unit : fallback.unit,
  });
  return {
    choice: SNOOZE_CHOICES.find(({ value: choice }) => choice === stored.choice)?.value ?? "2h",
    // The day of the last time is past, or soon will be.
    day: "",
    duration: span(stored.duration, SNOOZE_DEFAULTS.duration),
    count: text(stored.count, SNOOZE_DEFAULTS.count),
    window: span(stored.window, SNOOZE_DEFAULTS.window),
    users: text(stored.users, SNOOZE_DEFAULTS.users),
    usersWindow: span(stored.usersWindow, SNOOZE_DEFAULTS.usersWindow),
  };
}
