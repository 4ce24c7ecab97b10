import { useEffect, useEffectEvent, useState } from "react";
import { isPressOf } from "@/keyboard/keyboard";
import { useKeymap, usePressedKeys } from "@/keyboard/usePressedKeys";

/** Time between two updates of a followed list. */
const FOLLOW_MS = 1_000;

/**
 * Follow mode: waiting changes are applied every second as long as the cursor rests on the first row. Any key but the
 * one that switches it leaves it, so that nobody reads a list that slips away. `wanted`: the view that is opened
 * following; null where that is none. `reading`: the list is being read, which the next update must not cut short, or a
 * list that takes longer than a second would never arrive.
 */
export function useFollow(
  atTop: () => boolean,
  hasPending: boolean,
  reading: boolean,
  apply: () => void,
  wanted: string | null = null,
) {
  const pressed = usePressedKeys();
  const own = useKeymap().all("inbox.follow").map(pressed);
  const isOwn = useEffectEvent((event: KeyboardEvent) => isPressOf(event, own));
  const [on, setOn] = useState(wanted !== null);
  const [opened, setOpened] = useState(wanted);
  if (opened !== wanted) {
    setOpened(wanted);
    setOn(wanted !== null);
  }
  const step = useEffectEvent(() => {
    if (hasPending && !reading && atTop()) apply();
  });
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => step(), FOLLOW_MS);
    const leave = (event: KeyboardEvent) => {
      if (!isOwn(event) && !["Shift", "Control", "Alt", "Meta"].includes(event.key)) setOn(false);
    };
    window.addEventListener("keydown", leave, true);
    return () => {
      clearInterval(timer);
      window.removeEventListener("keydown", leave, true);
    };
  }, [on]);
  return { on, toggle: () => setOn((was) => !was) };
}
