import "uplot/dist/uPlot.min.css";
import { Table2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { themeVersion } from "@/app/preferences";
import { IconButton } from "@/components/IconButton";
import { Segmented } from "@/components/Segmented";
import type { TimeBar } from "@/ipc";
import { formatCount, formatHour, plural } from "@/lib/format";
import { useValue } from "@/lib/valueStore";
import { createHourChart, pointAt, summarize, toData } from "./hourChart";
import styles from "./IssueChart.module.css";

type Range = "24h" | "7d";

const RANGES = [
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 d" },
] as const;
const HEIGHT = 140;

interface IssueChartProps {
  hours: readonly TimeBar[];
  asTable: boolean;
  onTable: (asTable: boolean) => void;
}

/** Events per hour as bars, as a sentence, and as a table. */
export function IssueChart({ hours, asTable, onTable }: IssueChartProps) {
  const [range, setRange] = useState<Range>("7d");
  const bars = range === "24h" ? hours.slice(-24) : hours;
  return (
    <section aria-label="Events per hour">
      <div className={styles.bar}>
        <p className={styles.summary}>{summarize(bars)}</p>
        <IconButton
          label="Show as table"
          action="issue.table"
          aria-pressed={asTable}
          onClick={() => onTable(!asTable)}
        >
          <Table2 size={16} />
        </IconButton>
        <Segmented label="Range" value={range} choices={RANGES} onChange={setRange} />
      </div>
      {asTable ? <HourTable bars={bars} /> : <Bars key={range} bars={bars} />}
    </section>
  );
}

function Bars({ bars }: { bars: readonly TimeBar[] }) {
  const parent = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(bars);
  const theme = useValue(themeVersion);
  const [pointed, setPointed] = useState<number | null>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    latest.current = bars;
    chart.current?.setData(toData(bars));
  }, [bars]);

  useEffect(() => {
    if (!parent.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(parent.current);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page, not passed
  useEffect(() => {
    if (!parent.current || width === 0) return;
    const created = createHourChart(parent.current, latest.current, width, HEIGHT, setPointed);
    chart.current = created;
    return () => {
      chart.current = null;
      created.destroy();
    };
  }, [width, theme]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || event.altKey || !chart.current) return;
    event.preventDefault();
    const from = pointed ?? (step === 1 ? -1 : bars.length);
    pointAt(chart.current, bars, Math.min(Math.max(0, from + step), bars.length - 1));
  };

  const bar = pointed === null ? undefined : bars[pointed];
  return (
    <>
      <div
        ref={parent}
        className={styles.canvas}
        role="group"
        aria-label="Bars; arrow keys read them one by one"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys work on it
        tabIndex={0}
        data-keeps-arrows=""
        onKeyDown={onKeyDown}
      />
      <p className={styles.readout} aria-live="polite">
        {bar ? `${formatHour(bar.start)}: ${plural(bar.count, "event")}` : "\u00a0"}
      </p>
    </>
  );
}

function HourTable({ bars }: { bars: readonly TimeBar[] }) {
  const busy = bars.filter((bar) => bar.count > 0).toReversed();
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <caption className="visually-hidden">Hours with events, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            <th scope="col">Events</th>
          </tr>
        </thead>
        <tbody>
          {busy.map((bar) => (
            <tr key={bar.start}>
              <td>{formatHour(bar.start)}</td>
              <td>{formatCount(bar.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {busy.length < bars.length ? (
        <p className={styles.note}>{bars.length - busy.length} hours without events are left out.</p>
      ) : null}
    </div>
  );
}
