import { screen } from "@testing-library/react";
import { testIds } from "@/lib/testIds";
import { findList, renderApp, rows } from "@/test/renderApp";

/** The inbox with the issues of a search, the most frequent first. */
export async function openList(q = "is:unresolved", options = {}) {
  const app = await renderApp({ at: `/inbox?q=${encodeURIComponent(q)}&sort=events`, ...options });
  await findList();
  return app;
}

export const bar = () => screen.getByTestId(testIds.selectionBar);
export const selectedRows = () => rows().filter((row) => row.getAttribute("aria-selected") === "true");
export const selectedIds = () => selectedRows().map((row) => row.dataset.issueId ?? "");
export const ids = () => rows().map((row) => row.dataset.issueId ?? "");
export const toast = () => screen.findByTestId(testIds.toast);
/** What ticks a row. */
export const box = (row: HTMLElement) => row.querySelector("[data-pick]") as HTMLElement;

export async function statuses(host: Awaited<ReturnType<typeof renderApp>>["host"], of: readonly string[]) {
  return (await host.issueRows([...of])).map((row) => row.status);
}
