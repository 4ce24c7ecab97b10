import type { Host } from "./host";

export { type Host, HostError, MAX_ROWS_PER_CALL, type OnProgress } from "./host";
export type * from "./types";

/**
 * The shell when there is one, else the fixture. `?fixtures` forces the fixture; `?fixtures=0` starts it with an
 * empty store, any other number with that many issues. `?show=paused,counters-away` starts it in trouble.
 */
export async function connectHost(): Promise<Host> {
  const parameters = new URLSearchParams(window.location.search);
  const wanted = parameters.get("fixtures");
  if (wanted === null && "__TAURI_INTERNALS__" in window) {
    const { createDesktopHost } = await import("./desktop");
    return createDesktopHost();
  }
  const { createFixtureHost, TROUBLES } = await import("./fixture");
  const issues = Number.parseInt(wanted ?? "", 10);
  const shown = (parameters.get("show") ?? "").split(",");
  return createFixtureHost({
    issues: Number.isNaN(issues) ? 100_000 : issues,
    show: TROUBLES.filter((trouble) => shown.includes(trouble)),
  });
}
