import { useEffect, useState } from "react";

/** Relative times are brought up to date this often. */
const TICK_MS = 15_000;

/** The present, for relative times; moves on every few seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
