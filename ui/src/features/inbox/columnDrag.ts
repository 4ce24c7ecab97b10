import { type PointerEvent, useRef, useState } from "react";
import type { ListColumn } from "./listColumns";

/** Way of the pointer, in pixels, from which a press on a head is no click any more. */
export const SLACK = 5;

/** Where a dragged column would come: in front of that place among the others. */
export interface ColumnDrop {
  name: ListColumn;
  at: number;
}

/** The columns with one of them in another place among the others. */
export function placeColumn(
  columns: readonly ListColumn[],
  name: ListColumn,
  at: number,
): readonly ListColumn[] {
  const others = columns.filter((other) => other !== name);
  const place = Math.min(Math.max(0, at), others.length);
  const next = [...others.slice(0, place), name, ...others.slice(place)];
  return next.join() === columns.join() ? columns : next;
}

/** Dragging heads of columns. `onDrop` is told once, at the end. */
export function useColumnDrag(
  columns: readonly ListColumn[],
  onDrop: (drop: ColumnDrop) => void,
): {
  drop: ColumnDrop | null;
  handlers: (name: ListColumn) => Record<string, (event: PointerEvent<HTMLElement>) => void>;
  /** Whether the click that ends a drag is to be passed over. Asked once for each. */
  wasDrag: () => boolean;
} {
  const [drop, setDrop] = useState<ColumnDrop | null>(null);
  const from = useRef<number | null>(null);
  const dragged = useRef(false);
  // The pointer may be let go before the last state is drawn.
  const moving = useRef(false);

  const target = (event: PointerEvent<HTMLElement>, name: ListColumn): ColumnDrop => {
    const heads = [
      ...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>("[data-column]") ?? []),
    ];
    const others = heads.filter((head) => head.dataset.column !== name);
    const at = others.filter((head) => {
      const { left, width } = head.getBoundingClientRect();
      return left + width / 2 < event.clientX;
    }).length;
    return { name, at };
  };
  return {
    drop,
    handlers: (name) => ({
      onPointerDown: (event) => {
        dragged.current = false;
        if (event.button !== 0 || columns.length < 2) return;
        from.current = event.clientX;
        event.currentTarget.setPointerCapture?.(event.pointerId);
      },
      onPointerMove: (event) => {
        if (from.current === null) return;
        if (!moving.current && Math.abs(event.clientX - from.current) < SLACK) return;
        moving.current = true;
        setDrop(target(event, name));
      },
      onPointerUp: (event) => {
        from.current = null;
        if (!moving.current) return;
        moving.current = false;
        dragged.current = true;
        setDrop(null);
        onDrop(target(event, name));
      },
      onPointerCancel: () => {
        from.current = null;
        moving.current = false;
        setDrop(null);
      },
    }),
    wasDrag: () => {
      const was = dragged.current;
      dragged.current = false;
      return was;
    },
  };
}
