import { createMemoryHistory } from "@tanstack/react-router";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "@/app/App";
import type { SavedPlace } from "@/app/place";
import { createAppRouter } from "@/app/router";
import { createServices } from "@/app/services";
import { createFixtureHost, type FixtureHost, type FixtureOptions } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";

/** A clock that stands still, so that ages and trends are the same on every run. */
export const NOW = Date.UTC(2026, 10, 20, 14, 30);

interface RenderOptions extends Partial<FixtureOptions> {
  /** Where to start. */
  at?: string;
  /** Place of an earlier run. */
  place?: SavedPlace;
  /** The program around it, as another window left it. */
  host?: FixtureHost;
}

/** Renders the whole interface around a fixture host and waits for the screen. */
export async function renderApp({
  at = "/inbox?q=is:unresolved",
  place,
  host: running,
  ...options
}: RenderOptions = {}) {
  const host = running ?? createFixtureHost({ issues: 2_000, now: () => NOW, ...options });
  const services = createServices(host);
  if (place) services.inbox.restore(place);
  const history = createMemoryHistory({ initialEntries: [at] });
  const router = createAppRouter(history);
  const view = render(<App services={services} router={router} />);
  await screen.findByTestId(testIds.shell);
  return { host, services, router, ...view };
}

/** Waits until the list has rows, and returns it. */
export async function findList(): Promise<HTMLElement> {
  const list = await screen.findByTestId(testIds.issueList);
  await waitFor(() => {
    if (!cursorRow().textContent) throw new Error("the cursor row is not filled yet");
  });
  return list;
}

export const rows = () => screen.queryAllByTestId(testIds.issueRow);

/** The row under the cursor. */
export function cursorRow(): HTMLElement {
  const row = rows().find((candidate) => candidate.dataset.cursor !== undefined);
  if (!row) throw new Error("no row is under the cursor");
  return row;
}

/** Vertical place of a row inside the list. */
export function topOf(row: HTMLElement): number {
  return Number(/translateY\((-?[\d.]+)px\)/.exec(row.style.transform)?.[1]);
}

/** Presses a key wherever the focus is. */
export function press(key: string, modifiers: Partial<KeyboardEventInit> = {}): void {
  fireEvent.keyDown(document.activeElement ?? document.body, { key, code: key, ...modifiers });
}

/** Opens a choice of fixed values and takes one of them, as the mouse does. */
export async function chooseOption(select: HTMLElement, name: string): Promise<void> {
  fireEvent.mouseDown(select);
  fireEvent.click(select);
  const option = await screen.findByRole("option", { name });
  fireEvent.pointerMove(option, { pointerType: "mouse" });
  fireEvent.mouseMove(option);
  fireEvent.mouseDown(option);
  fireEvent.mouseUp(option);
  fireEvent.click(option);
}

/** Lets the simulated feed take in records, and the interface notice. */
export async function runFeed(host: FixtureHost, ticks: number): Promise<void> {
  await act(async () => {
    for (let i = 0; i < ticks; i += 1) host.feed.tick();
    // The interface reacts to the store at most twice a second.
    await new Promise((resolve) => setTimeout(resolve, 650));
  });
}
