import uPlot from "uplot";
import type { TimeBar } from "@/ipc";
import { formatCount, formatHour, formatTick, plural } from "@/lib/format";

const HOUR_S = 3_600;

/** Room at the right for half of the time axis's last label, which may stand at the very end (pixels). */
export const HALF_TICK = 24;

/** One sentence that says what the bars show, for people who do not see them. */
export function summarize(bars: readonly TimeBar[]): string {
  const total = bars.reduce((sum, bar) => sum + bar.count, 0);
  const span = bars.length > 48 ? `${Math.round(bars.length / 24)} days` : `${bars.length} hours`;
  if (total === 0) return `No events in the last ${span}.`;
  const peak = bars.reduce((best, bar) => (bar.count > best.count ? bar : best));
  if (peak.count === total)
    return `${plural(total, "event")} in the last ${span}, all in the hour of ${formatHour(peak.start)}.`;
  const now = bars.at(-1)?.count ?? 0;
  return `${plural(total, "event")} in the last ${span}; most on ${formatHour(peak.start)} with ${formatCount(
    peak.count,
  )}, ${formatCount(now)} in the current hour.`;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Tells which bar is under the pointer or the keyboard; null when none is. */
export type BarListener = (index: number | null) => void;

/** Bars per hour on a canvas. Colours are read from the theme, so a new theme needs a new chart. */
export function createHourChart(
  parent: HTMLElement,
  bars: readonly TimeBar[],
  width: number,
  height: number,
  onBar: BarListener,
): uPlot {
  const axis: uPlot.Axis = {
    stroke: token("--text-3"),
    font: `11px ${token("--font-ui")}`,
    grid: { show: false },
    ticks: { stroke: token("--divider"), width: 1, size: 4 },
    size: 26,
  };
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    padding: [8, HALF_TICK, 0, 0],
    scales: {
      x: { time: true, range: () => range(bars) },
      y: { range: (_, __, max) => [0, Math.max(max * 1.08, 2)] },
    },
    axes: [
      { ...axis, space: 80, values: (_, splits) => splits.map((value) => formatTick(value * 1000)) },
      {
        ...axis,
        size: 48,
        space: 36,
        grid: { show: true, stroke: token("--divider-soft"), width: 1 },
        values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? formatCount(value) : "")),
      },
    ],
    series: [
      {},
      {
        fill: token("--chart"),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars?.({ size: [0.8, 40], align: 1 }),
      },
    ],
    hooks: { setCursor: [(chart) => onBar(chart.cursor.idx ?? null)] },
  };
  return new uPlot(options, toData(bars), parent);
}

function range(bars: readonly TimeBar[]): [number, number] {
  const first = (bars[0]?.start ?? 0) / 1000;
  const last = (bars.at(-1)?.start ?? 0) / 1000;
  return [first, last + HOUR_S];
}

/** The columns uPlot draws from. */
export function toData(bars: readonly TimeBar[]): uPlot.AlignedData {
  return [bars.map((bar) => bar.start / 1000), bars.map((bar) => bar.count)];
}

/** Moves the chart's cursor to a bar. */
export function pointAt(chart: uPlot, bars: readonly TimeBar[], index: number): void {
  const bar = bars[index];
  if (bar) chart.setCursor({ left: chart.valToPos(bar.start / 1000 + HOUR_S / 2, "x"), top: 0 });
}
