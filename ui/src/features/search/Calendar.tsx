import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "@/components/IconButton";
import { testIds } from "@/lib/testIds";
import styles from "./Calendar.module.css";
import { dayByKey, dayOf, monthsLater, weeksOf, writeDay } from "./days";

const words = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" });
const MONTH = words({ month: "long", year: "numeric" });
const WHOLE = words({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SHORT = words({ weekday: "short" });
const LONG = words({ weekday: "long" });

/** A Monday and the days after it. */
const WEEK = Array.from({ length: 7 }, (_, at) => Date.UTC(2024, 0, 1 + at));

interface CalendarProps {
  /** The day it opens on, as its first moment in UTC. */
  start: number;
  /** The time now. */
  now: number;
  onChoose: (day: string) => void;
}

/**
 * The days of a month, of which one is chosen. The grid is one stop of the keyboard: arrows go by days and weeks, Home
 * and End to the ends of a week, PageUp and PageDown by months, with Shift by years.
 */
export function Calendar({ start, now, onChoose }: CalendarProps) {
  const id = useId();
  const [at, setAt] = useState(start);
  const grid = useRef<HTMLDivElement>(null);
  /** Whether the day under the cursor should have the keyboard, which a button for another month keeps. */
  const takes = useRef(false);
  useLayoutEffect(() => {
    if (takes.current) grid.current?.querySelector<HTMLElement>(`[data-day="${writeDay(at)}"]`)?.focus();
    takes.current = false;
  }, [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") onChoose(writeDay(at));
    else {
      const next = dayByKey(at, event.key, event.shiftKey);
      if (next === null) return;
      takes.current = next !== at;
      setAt(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const today = dayOf(now);

  return (
    <div className={styles.calendar} data-testid={testIds.calendar}>
      <div className={styles.head}>
        <IconButton label="Month before" keys="PageUp" onClick={() => setAt(monthsLater(at, -1))}>
          <ChevronLeft size={16} aria-hidden="true" />
        </IconButton>
        <span id={`${id}-month`} className={styles.month} aria-live="polite">
          {MONTH.format(at)}
        </span>
        <IconButton label="Month after" keys="PageDown" onClick={() => setAt(monthsLater(at, 1))}>
          <ChevronRight size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <div
        ref={grid}
        role="grid"
        aria-labelledby={`${id}-month`}
        tabIndex={-1}
        className={styles.grid}
        onKeyDown={onKeyDown}
      >
        <div role="row" tabIndex={-1} className={styles.week}>
          {WEEK.map((day) => (
            <span key={day} role="columnheader" tabIndex={-1} className={styles.weekday}>
              <span aria-hidden="true">{SHORT.format(day)}</span>
              <span className="visually-hidden">{LONG.format(day)}</span>
            </span>
          ))}
        </div>
        {weeksOf(at).map((week) => (
          <div key={week.find((day) => day !== null)} role="row" tabIndex={-1} className={styles.week}>
            {week.map((day, column) =>
              day === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a place of the week is what it is
                <span key={column} role="gridcell" tabIndex={-1} />
              ) : (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
                <span
                  key={day}
                  role="gridcell"
                  tabIndex={day === at ? 0 : -1}
                  aria-selected={day === at}
                  aria-current={day === today ? "date" : undefined}
                  data-day={writeDay(day)}
                  data-autofocus={day === at ? "" : undefined}
                  className={styles.day}
                  onClick={() => onChoose(writeDay(day))}
                >
                  <span aria-hidden="true">{new Date(day).getUTCDate()}</span>
                  <span className="visually-hidden">{WHOLE.format(day)}</span>
                </span>
              ),
            )}
          </div>
        ))}
      </div>
      <p className={styles.foot}>
        Days are those of UTC. <kbd>Enter</kbd> takes one, <kbd>Shift</kbd> <kbd>PageUp</kbd> goes back a
        year.
      </p>
    </div>
  );
}
