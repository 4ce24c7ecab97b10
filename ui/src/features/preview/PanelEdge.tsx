import { PANEL_SIZES, type PanelSide, preferences } from "@/app/preferences";
import styles from "./PreviewPanel.module.css";

/** Pixels an arrow key moves the edge by. */
const RESIZE_STEP = 20;

/** What an edge is, by the side of the list that its panel is on. */
const EDGES = {
  right: {
    preference: "previewWidth",
    name: "Width",
    orientation: "vertical",
    more: "ArrowLeft",
    less: "ArrowRight",
  },
  bottom: {
    preference: "previewHeight",
    name: "Height",
    orientation: "horizontal",
    more: "ArrowUp",
    less: "ArrowDown",
  },
} as const;

/** The edge between list and panel: dragged, or moved by arrows. */
export function PanelEdge({ side, size }: { side: PanelSide; size: number }) {
  const { preference, name, orientation, more, less } = EDGES[side];
  const { least, most } = PANEL_SIZES[side];
  const resize = (next: number) =>
    preferences.change({ [preference]: Math.min(most, Math.max(least, Math.round(next))) });
  return (
    <div
      role="separator"
      aria-orientation={orientation}
      aria-label={`${name} of the preview`}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      data-keeps-arrows=""
      className={styles.edge}
      onKeyDown={(event) => {
        const step = { [more]: RESIZE_STEP, [less]: -RESIZE_STEP }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        resize(size + step);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const panel = event.currentTarget.parentElement?.getBoundingClientRect();
        if (!panel) return;
        resize(side === "right" ? panel.right - event.clientX : panel.bottom - event.clientY);
      }}
    />
  );
}
