import { useEffect, useEffectEvent, useState } from "react";

/** Time between two updates of a followed list. */
const FOLLOW_MS = 1_000;

/**
 * Follow mode: waiting changes are applied every second as long as the cursor rests on the first row. Any key but the
 * one that switches it leaves it, so that nobody reads a list that slips away.
 */
export function useFollow(atTop: () => boolean, hasPending: boolean, apply: () => void) {
  const [on, setOn] = useState(false);
  const step = useEffectEvent(() => {
    if (hasPending && atTop()) apply();
  });
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => step(), FOLLOW_MS);
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "f" && !["Shift", "Control", "Alt", "Meta"].includes(event.key)) setOn(false);
    };
    window.addEventListener("keydown", leave, true);
    return () => {
      clearInterval(timer);
      window.removeEventListener("keydown", leave, true);
    };
  }, [on]);
  return { on, toggle: () => setOn((was) => !was) };
}
