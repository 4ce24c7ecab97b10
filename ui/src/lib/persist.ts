/**
 * Reads a JSON value kept by an earlier run. Storage may be full, disabled or written by another version, so
 * anything unexpected counts as absent.
 */
export function readStored<T>(key: string, accept: (value: unknown) => T | null): T | null {
  try {
    const text = window.localStorage.getItem(key);
    return text === null ? null : accept(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Keeps a JSON value for the next run. Losing it is harmless, so a failure is not reported. */
export function writeStored(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}

/** Forgets what was kept under a key. */
export function dropStored(key: string): void {
  try {
    window.localStorage.removeItem(key);
  } catch {
    // It was not kept then.
  }
}
