import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { viewLink } from "@/features/views/viewText";
import { HostError } from "@/ipc";
import { readPlaceLink } from "@/keyboard/paletteModes";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";
import { preferences, ZOOMS } from "./preferences";

const writeText = vi.fn(async (_: string) => undefined);
beforeEach(() => {
  writeText.mockClear();
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
});
afterEach(() => {
  Reflect.deleteProperty(navigator, "clipboard");
  preferences.change({ zoom: 1, railWide: false, preview: false });
});

/** Types into the palette and takes what it offers first. */
async function openTyped(text: string): Promise<string> {
  press("k", { ctrlKey: true });
  const input = await screen.findByRole("combobox", { name: "Search commands" });
  fireEvent.change(input, { target: { value: text } });
  const words = screen.getAllByRole("option")[0]?.textContent ?? "";
  fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
  return words;
}

describe("the window", () => {
  it("is zoomed by keys within bounds, also from a text field, and remembers it", async () => {
    const { host } = await renderApp();
    await findList();
    const setZoom = vi.spyOn(host, "setZoom");
    press("=", { ctrlKey: true });
    await waitFor(() => expect(setZoom).toHaveBeenLastCalledWith(1.1));
    // Where the plus is typed with Shift, or is a key of its own.
    press("+", { ctrlKey: true, shiftKey: true, code: "Equal" });
    await waitFor(() => expect(preferences.get().zoom).toBe(1.25));
    press("+", { ctrlKey: true, code: "BracketRight" });
    await waitFor(() => expect(preferences.get().zoom).toBe(1.5));
    for (let i = 0; i < 4; i += 1) act(() => press("+", { ctrlKey: true }));
    expect(preferences.get().zoom).toBe(2);
    press("/");
    act(() => press("0", { ctrlKey: true }));
    expect(preferences.get().zoom).toBe(1);
    for (let i = 0; i < 5; i += 1) act(() => press("-", { ctrlKey: true }));
    expect(preferences.get().zoom).toBe(ZOOMS[0]);
    expect(JSON.parse(window.localStorage.getItem("picket.preferences") ?? "").zoom).toBe(0.8);
  });

  it("has a rail that is wide or narrow, and a panel, by key", async () => {
    await renderApp();
    await findList();
    press("b", { ctrlKey: true });
    await waitFor(() => expect(preferences.get().railWide).toBe(true));
    expect(screen.queryByTestId(testIds.preview)).toBeNull();
    press("\\", { ctrlKey: true, code: "Backslash" });
    await screen.findByTestId(testIds.preview);
    press("#", { ctrlKey: true, code: "Backslash" });
    await waitFor(() => expect(screen.queryByTestId(testIds.preview)).toBeNull());
  });
});

describe("another window", () => {
  it("opens with the issue under the cursor, by key and by the middle button, or with the screen", async () => {
    const { host, router } = await renderApp({ at: "/inbox?q=is:unresolved" });
    const list = await findList();
    const rows = await within(list).findAllByTestId(testIds.issueRow);
    press("j");
    press("Enter", { ctrlKey: true });
    await waitFor(() => expect(host.windows).toEqual([`/issue/${rows[1]?.dataset.issueId}`]));
    const place = rows[2] as HTMLElement;
    fireEvent(place, new MouseEvent("auxclick", { bubbles: true, button: 2 }));
    fireEvent(place, new MouseEvent("auxclick", { bubbles: true, button: 1 }));
    await waitFor(() => expect(host.windows).toHaveLength(2));
    expect(host.windows[1]).toBe(`/issue/${place.dataset.issueId}`);
    expect(router.state.location.pathname).toBe("/inbox");
    press("g");
    press("l");
    await waitFor(() => expect(router.state.location.pathname).toBe("/live"));
    press("Enter", { ctrlKey: true });
    await waitFor(() => expect(host.windows[2]).toBe(router.state.location.href));
  });

  it("shares its preferences with this one", () => {
    const before = preferences.get();
    const change = (part: Partial<typeof before>) =>
      window.localStorage.setItem("picket.preferences", JSON.stringify({ ...preferences.get(), ...part }));
    change({ railWide: true });
    window.dispatchEvent(new StorageEvent("storage", { key: "picket.preferences" }));
    expect(preferences.get().railWide).toBe(true);
    // What was not heard of yet is not undone.
    change({ zoom: 1.5 });
    preferences.change({ railWide: false });
    expect(preferences.get()).toEqual({ ...before, zoom: 1.5 });
  });

  it("says why there is none", async () => {
    const { host } = await renderApp({ at: "/live" });
    await screen.findByTestId(testIds.feedPill);
    host.failWith = new HostError({
      code: "invalid_input",
      message: "12 windows are open, and no more can be. Close one first.",
      detail: null,
      retryable: false,
    });
    press("Enter", { ctrlKey: true });
    expect((await screen.findByTestId(testIds.toast)).textContent).toContain("Close one first");
  });
});

describe("a link", () => {
  it("to what is on screen leads back to it through the palette", async () => {
    const { router } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    await screen.findAllByTestId(testIds.viewTab);
    press("2");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ view: "2" }));
    const { href, search } = router.state.location;
    press("C", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(writeText).toHaveBeenCalledWith(`picket:/${href}`));
    press("g");
    press("l");
    await waitFor(() => expect(router.state.location.pathname).toBe("/live"));
    expect(await openTyped(writeText.mock.calls[0]?.[0] ?? "")).toContain("Open /inbox");
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox"));
    expect(router.state.location.search).toEqual(search);
  });

  it("to a view opens its search, whatever views there are here", async () => {
    const { host, router } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const [, , view] = await host.views();
    if (!view) throw new Error("there is no view");
    const link = viewLink({ ...view, name: "Theirs", query: "level:fatal", sort: "events" });
    expect(await openTyped(link)).toContain("Open the search of the view Theirs");
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: "level:fatal", sort: "events" }),
    );
  });

  it("to a run of triage mode is not offered, as it would lead nowhere", async () => {
    const { services } = await renderApp({ at: "/triage" });
    const offered = () => services.keyboard.actions().find(({ id }) => id === "window.copy-link");
    await waitFor(() => expect(offered()?.unavailable).toContain("no link leads to this screen"));
    press("C", { ctrlKey: true, shiftKey: true });
    expect(writeText).not.toHaveBeenCalled();
    press("g");
    press("l");
    await waitFor(() => expect(offered()?.unavailable).toBeNull());
  });

  it("leads only to screens that there are", () => {
    expect(readPlaceLink(" picket://settings ")).toBe("/settings");
    expect(readPlaceLink("picket://inbox/?q=a+b")).toBe("/inbox?q=a+b");
    for (const text of ["picket://nowhere", "picket://inbox/../settings", "https://inbox", "inbox"]) {
      expect(readPlaceLink(text)).toBeNull();
    }
  });
});
