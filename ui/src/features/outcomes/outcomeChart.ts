import uPlot from "uplot";
import { HALF_TICK } from "@/features/issue/hourChart";
import { formatCount, formatTick } from "@/lib/format";
import type { OutcomeHour } from "./outcomeHours";
import { OUTCOMES, type OutcomeKind } from "./reasons";

const HOUR_S = 3_600;
/** Colour token of each part of a bar. */
export const TOKENS: Record<OutcomeKind, string> = {
  accepted: "--chart",
  dropped: "--warning",
  dead_lettered: "--danger",
};

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Columns for stacked bars: each series is drawn up to the sum of itself and those below it, the tallest first. */
export function stack(hours: readonly OutcomeHour[]): uPlot.AlignedData {
  const upTo = (last: number) =>
    hours.map((hour) => OUTCOMES.slice(0, last + 1).reduce((sum, kind) => sum + hour[kind], 0));
  return [hours.map((hour) => hour.start / 1000), upTo(2), upTo(1), upTo(0)];
}

/** Bars per hour on a canvas. Colours are read from the theme, so a new theme needs a new chart. */
export function createOutcomeChart(
  parent: HTMLElement,
  hours: () => readonly OutcomeHour[],
  width: number,
  height: number,
  onHour: (index: number | null) => void,
): uPlot {
  const axis: uPlot.Axis = {
    stroke: token("--text-3"),
    font: `11px ${token("--font-ui")}`,
    grid: { show: false },
    ticks: { stroke: token("--divider"), width: 1, size: 4 },
    size: 26,
  };
  const series = (kind: OutcomeKind): uPlot.Series => ({
    fill: token(TOKENS[kind]),
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars?.({ size: [0.8, 40], align: 1 }),
  });
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    padding: [8, HALF_TICK, 0, 0],
    scales: {
      x: {
        time: true,
        range: () => [(hours()[0]?.start ?? 0) / 1000, (hours().at(-1)?.start ?? 0) / 1000 + HOUR_S],
      },
      y: { range: (_, __, max) => [0, Math.max(max * 1.08, 2)] },
    },
    axes: [
      { ...axis, space: 80, values: (_, splits) => splits.map((value) => formatTick(value * 1000)) },
      {
        ...axis,
        size: 56,
        space: 36,
        grid: { show: true, stroke: token("--divider-soft"), width: 1 },
        values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? formatCount(value) : "")),
      },
    ],
    series: [{}, series("dead_lettered"), series("dropped"), series("accepted")],
    hooks: { setCursor: [(chart) => onHour(chart.cursor.idx ?? null)] },
  };
  return new uPlot(options, stack(hours()), parent);
}
