import type { IssueChange } from "@/ipc";
import { archiveTerm } from "./words";

export type SnoozeChoice = "30m" | "2h" | "24h" | "times" | "users" | "custom";
export type SpanUnit = "minutes" | "hours" | "days";

/** A span as it is typed. */
export interface SpanText {
  value: string;
  unit: SpanUnit;
}

/** Fields whose values may be wrong. */
export type SnoozeField = "duration" | "count" | "window" | "users" | "users-window";

/** What the chooser holds. Texts stay as they were typed. */
export interface SnoozeForm {
  choice: SnoozeChoice;
  duration: SpanText;
  count: string;
  window: SpanText;
  users: string;
  usersWindow: SpanText;
}

export const SNOOZE_DEFAULTS: SnoozeForm = {
  choice: "2h",
  duration: { value: "3", unit: "days" },
  count: "10",
  window: { value: "", unit: "hours" },
  users: "5",
  usersWindow: { value: "", unit: "hours" },
};

/** The choices and what each of them is called. */
export const SNOOZE_CHOICES: readonly { value: SnoozeChoice; label: string; minutes?: number }[] = [
  { value: "30m", label: "For 30 minutes", minutes: 30 },
  { value: "2h", label: "For 2 hours", minutes: 120 },
  { value: "24h", label: "For 24 hours", minutes: 1_440 },
  { value: "times", label: "Until it is seen so many times" },
  { value: "users", label: "Until it affects so many users" },
  { value: "custom", label: "Custom: whichever comes first" },
];

/** Fields that a choice asks for. */
export const FIELDS_OF: Record<SnoozeChoice, readonly SnoozeField[]> = {
  "30m": [],
  "2h": [],
  "24h": [],
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

/** Reads a form. */
export function readSnooze(form: SnoozeForm): SnoozeReading {
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
  const fixed = SNOOZE_CHOICES.find((choice) => choice.value === form.choice)?.minutes ?? null;
  const minutes =
    fixed ??
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
  return { change, errors, summary: `Archives it ${archiveTerm(change)}.` };
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
    duration: span(stored.duration, SNOOZE_DEFAULTS.duration),
    count: text(stored.count, SNOOZE_DEFAULTS.count),
    window: span(stored.window, SNOOZE_DEFAULTS.window),
    users: text(stored.users, SNOOZE_DEFAULTS.users),
    usersWindow: span(stored.usersWindow, SNOOZE_DEFAULTS.usersWindow),
  };
}
