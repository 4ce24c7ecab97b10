import { act, createEvent, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { press, renderApp } from "@/test/renderApp";

const rowOf = (action: string) => {
  const row = screen.getAllByTestId(testIds.keyRow).find((candidate) => candidate.dataset.action === action);
  if (!row) throw new Error(`no row of ${action}`);
  return row;
};
const keysIn = (action: string) => within(rowOf(action)).getByRole("button", { name: /Change the keys/ });
const named = (action: string) => keysIn(action).getAttribute("aria-label")?.split(".")[0];
const capture = () => screen.queryByTestId(testIds.keyCapture);
const bindings = () => preferences.get().keyBindings;
const find = (text: string) =>
  fireEvent.change(screen.getByTestId(testIds.keySearch), { target: { value: text } });

async function open() {
  const app = await renderApp({ at: "/settings" });
  await screen.findAllByTestId(testIds.keyRow);
  return app;
}
function change(action: string) {
  act(() => rowOf(action).focus());
  press("Enter");
  expect(document.activeElement).toBe(capture());
}

describe("keyboard settings", () => {
  const reset = () => preferences.change({ keyPreset: "picket", keyBindings: {}, singleKeys: true });
  beforeEach(reset);
  afterEach(reset);

  it("list the actions of all screens, and lead nobody astray", async () => {
    await open();
    expect(named("occurrence.newer")).toBe("N");
    expect(named("triage.assign-me")).toBe("no key");
    expect(rowOf("letters.replay").textContent).toContain("Dead letters");
    expect(await accessibilityProblems()).toEqual([]);
    find("assign");
    change("triage.assign-me");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("take a preset at once", async () => {
    const { services } = await open();
    fireEvent.click(screen.getByRole("radio", { name: "Vim-like" }));
    expect(named("triage.delete")).toBe("D then D or Delete");
    const undo = services.keyboard.actions().find(({ id }) => id === "undo");
    expect(undo?.keys?.[0]).toBe("u");
  });

  it("walk by arrows, and bind the keys that are pressed", async () => {
    const { router } = await open();
    act(() => rowOf("go.inbox").focus());
    press("ArrowDown");
    expect(document.activeElement).toBe(rowOf("go.live"));
    press("Home");
    press("Enter");
    press("y");
    expect(router.state.location.pathname).toBe("/settings");
    press("x");
    expect(bindings()).toEqual({ "go.inbox": ["y x"] });
    expect(named("go.inbox")).toBe("Y then X, your own");
    expect(rowOf("go.inbox").dataset.own).toBe("");
    expect(document.activeElement).toBe(rowOf("go.inbox"));
    press("y");
    press("x");
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox"));
  });

  it("let nothing else hear what is pressed into the field", async () => {
    const { router } = await open();
    change("triage.assign-me");
    const field = capture() as HTMLElement;
    const event = createEvent.keyDown(field, { key: "p", code: "KeyP", ctrlKey: true });
    fireEvent(field, event);
    expect(event.defaultPrevented).toBe(true);
    press("Backspace");
    press("k", { ctrlKey: true });
    expect(screen.queryByTestId(testIds.palette)).toBeNull();
    press("Backspace");
    press("g");
    press("Escape");
    expect(capture()).toBeNull();
    expect(bindings()).toEqual({});
    expect(document.activeElement).toBe(rowOf("triage.assign-me"));
    expect(router.state.location.pathname).toBe("/settings");
  });

  it("take one key by Enter, none by Backspace, and those of the preset again", async () => {
    await open();
    find("triage");
    change("triage.assign-me");
    press("q");
    press("Enter");
    expect(bindings()).toEqual({ "triage.assign-me": ["q"] });
    change("triage.resolve");
    press("Backspace");
    expect(bindings()).toEqual({ "triage.assign-me": ["q"], "triage.resolve": [] });
    expect(named("triage.resolve")).toBe("no key, your own");
    fireEvent.click(screen.getByRole("button", { name: "Give “Resolve” the keys of the preset" }));
    expect(bindings()).toEqual({ "triage.assign-me": ["q"] });
    fireEvent.click(screen.getByRole("button", { name: "Reset all" }));
    expect(bindings()).toEqual({});
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(bindings()).toEqual({ "triage.assign-me": ["q"] });
  });

  it("say whom keys belong to, and take them over only when told to", async () => {
    await open();
    change("inbox.density");
    press("e");
    expect(screen.getByText(/is taken by “Resolve” \(Inbox, Issue, Triage mode\)/)).toBeTruthy();
    press("Enter");
    expect(screen.getByTestId(testIds.keyConflict).textContent).toContain("“Resolve”");
    press("k", { ctrlKey: true });
    expect(screen.queryByTestId(testIds.palette)).toBeNull();
    expect(bindings()).toEqual({});
    fireEvent.click(screen.getByRole("button", { name: "Keep it as it is" }));
    expect(bindings()).toEqual({});
    expect(named("inbox.density")).toBe("D");
    change("inbox.density");
    press("e");
    press("Enter");
    fireEvent.click(screen.getByRole("button", { name: "Take it over" }));
    expect(bindings()).toEqual({ "inbox.density": ["e"], "triage.resolve": [] });
  });

  it("do not give away what single keys are behind", async () => {
    await open();
    change("triage.assign-me");
    press(".", { ctrlKey: true });
    expect(screen.getByText(/is for single keys/)).toBeTruthy();
    press("Escape");
    expect(bindings()).toEqual({});
  });

  it("name actions that share keys after a change of preset", async () => {
    await open();
    expect(screen.queryByTestId(testIds.keyClashes)).toBeNull();
    act(() => preferences.change({ keyPreset: "linear", keyBindings: { "triage.assign-me": ["u"] } }));
    expect(screen.getByTestId(testIds.keyClashes).textContent).toContain("2 actions");
    expect(rowOf("triage.assign-me").textContent).toContain("Also keys of “Mark as seen or not seen”");
  });

  it("find actions by name, by keys as text, and by pressing them", async () => {
    await open();
    const ids = () => screen.queryAllByTestId(testIds.keyRow).map((row) => row.dataset.action);
    find("newer occ");
    expect(ids()).toEqual(["occurrence.newer"]);
    find("ctrl+k");
    expect(ids()).toEqual(["palette"]);
    find("no such thing");
    expect(ids()).toEqual([]);
    expect(screen.getByText("No action is called that")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all actions" }));
    fireEvent.click(screen.getByRole("button", { name: /By pressing keys/ }));
    press("z", { ctrlKey: true });
    expect(ids()).toEqual(["undo"]);
    press("Escape");
    press("q");
    expect(screen.getByText("These keys are free")).toBeTruthy();
    press("Escape");
    press("Escape");
    expect(ids().length).toBeGreaterThan(150);
  });

  it("go to another Picket as text, all of it or nothing", async () => {
    const written = vi.fn(async (_: string) => undefined);
    Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: written } });
    await open();
    find("note");
    act(() => preferences.change({ keyPreset: "vim", keyBindings: { "triage.note": ["q"] } }));
    fireEvent.click(screen.getByRole("button", { name: "Copy as text" }));
    await waitFor(() => expect(written).toHaveBeenCalledOnce());
    const text = written.mock.calls[0]?.[0] ?? "";
    act(reset);

    fireEvent.click(screen.getByRole("button", { name: "Import keys…" }));
    const dialog = await screen.findByRole("dialog", { name: "Import keys" });
    const field = within(dialog).getByTestId(testIds.keyImport);
    const submit = () => fireEvent.click(within(dialog).getByRole("button", { name: "Import" }));
    fireEvent.change(field, { target: { value: text.replace("triage.note", "triage.nope") } });
    submit();
    const problems = await within(dialog).findByRole("alert");
    expect(problems.textContent).toContain("Nothing was changed");
    expect(problems.textContent).toContain("Line 4: there is no action “triage.nope”.");
    expect(preferences.get().keyPreset).toBe("picket");
    fireEvent.change(field, { target: { value: text } });
    submit();
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Import keys" })).toBeNull());
    expect(preferences.get()).toMatchObject({ keyPreset: "vim", keyBindings: { "triage.note": ["q"] } });
  });
});
