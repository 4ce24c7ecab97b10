import { useEffect, useState } from "react";

/**
 * True once `busy` has lasted `afterMs`. Quick answers should not flash a loading state, so nothing that says
 * "loading" is shown before this does.
 */
export function useSlow(busy: boolean, afterMs: number): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), afterMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy, afterMs]);
  return busy && slow;
}
