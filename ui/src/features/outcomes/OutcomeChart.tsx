import "uplot/dist/uPlot.min.css";
import { useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { themeVersion } from "@/app/preferences";
import { formatHour } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./OutcomeChart.module.css";
import { createOutcomeChart, stack } from "./outcomeChart";
import { describeHour, type OutcomeHour } from "./outcomeHours";
import { OUTCOMES, outcomeText } from "./reasons";

const HEIGHT = 180;
const HOUR_S = 3_600;

/** Stacked bars per hour, read one by one with the arrow keys. */
export function OutcomeChart({ hours }: { hours: readonly OutcomeHour[] }) {
  const parent = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(hours);
  const theme = useValue(themeVersion);
  const [pointed, setPointed] = useState<number | null>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    latest.current = hours;
    chart.current?.setData(stack(hours));
  }, [hours]);

  useEffect(() => {
    if (!parent.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(parent.current);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page, not passed
  useEffect(() => {
    if (!parent.current || width === 0) return;
    const created = createOutcomeChart(parent.current, () => latest.current, width, HEIGHT, setPointed);
    chart.current = created;
    return () => {
      chart.current = null;
      created.destroy();
    };
  }, [width, theme]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || event.altKey) return;
    event.preventDefault();
    const from = pointed ?? (step === 1 ? -1 : hours.length);
    const next = Math.min(Math.max(0, from + step), hours.length - 1);
    setPointed(next);
    const hour = hours[next];
    if (chart.current && hour) {
      chart.current.setCursor({ left: chart.current.valToPos(hour.start / 1000 + HOUR_S / 2, "x"), top: 0 });
    }
  };

  const hour = pointed === null ? undefined : hours[pointed];
  return (
    <>
      <ul className={styles.legend} aria-label="Parts of a bar, from the bottom">
        {OUTCOMES.map((kind) => (
          <li key={kind} className={styles[kind]}>
            <span className={styles.swatch} aria-hidden="true" />
            {outcomeText(kind)}
          </li>
        ))}
      </ul>
      <div
        ref={parent}
        className={styles.canvas}
        role="group"
        aria-label="Bars per hour; arrow keys read them one by one"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys work on it
        tabIndex={0}
        data-keeps-arrows=""
        data-testid={testIds.outcomeChart}
        onKeyDown={onKeyDown}
      />
      <p className={styles.readout} aria-live="polite">
        {hour ? `${formatHour(hour.start)}: ${describeHour(hour)}` : "\u00a0"}
      </p>
    </>
  );
}
