import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";
import { Keyboard, pressedKeys } from "./keyboard";
import { readMode, readNamedIssue } from "./paletteModes";

describe("the registry", () => {
  let keyboard: Keyboard;
  let stop: () => void;
  beforeEach(() => {
    keyboard = new Keyboard();
    stop = keyboard.listen(window);
  });
  afterEach(() => stop());

  const action = (id: string, keys: string[], more = {}) => {
    const run = vi.fn();
    keyboard.register(Symbol(id), [{ id, title: id, section: "Test", keys, run, ...more }]);
    return run;
  };

  it("tells sequences with the same start apart", () => {
    const first = action("first", ["g g"]);
    const inbox = action("inbox", ["g i"]);
    press("g");
    press("i");
    expect(inbox).toHaveBeenCalledOnce();
    expect(first).not.toHaveBeenCalled();
  });

  it("forgets a sequence that goes on differently", () => {
    const inbox = action("inbox", ["g i"]);
    press("g");
    press("x");
    press("i");
    expect(inbox).not.toHaveBeenCalled();
  });

  it("takes signs wherever a layout has them", () => {
    const help = action("help", ["[Shift]+?"]);
    press("?", { shiftKey: true });
    press("?");
    expect(help).toHaveBeenCalledTimes(2);
  });

  it("takes a digit with Shift by its place, whatever a layout prints there", () => {
    const digit = action("digit", ["Shift+3"]);
    press("#", { code: "Digit3", shiftKey: true });
    press("3", { code: "Digit3", shiftKey: true });
    expect(digit).toHaveBeenCalledTimes(2);
    press("3", { code: "Digit3" });
    press("#", { code: "Backslash" });
    expect(digit).toHaveBeenCalledTimes(2);
  });

  it("lets a later layer replace an action", () => {
    const old = action("same", ["x"]);
    const young = action("same", ["x"]);
    press("x");
    expect(old).not.toHaveBeenCalled();
    expect(young).toHaveBeenCalledOnce();
  });

  it("has actions of a screen in place of those of the window, whichever came first", () => {
    const ofScreen = action("same", ["x"]);
    const run = vi.fn();
    keyboard.register(
      Symbol("window"),
      [{ id: "same", title: "same", section: "Test", keys: ["x"], run }],
      true,
    );
    press("x");
    expect(ofScreen).toHaveBeenCalledOnce();
    expect(run).not.toHaveBeenCalled();
  });

  it("has single keys behind a leader where they are switched off", () => {
    const plain = action("plain", ["x"]);
    const sequence = action("sequence", ["g i"]);
    const chord = action("chord", ["$mod+e"]);
    const lead = () => press(".", { ctrlKey: true });
    keyboard.singleKeys = false;
    press("x");
    expect(plain).not.toHaveBeenCalled();
    lead();
    press("x");
    expect(plain).toHaveBeenCalledOnce();
    // Once for each.
    press("x");
    expect(plain).toHaveBeenCalledOnce();
    lead();
    press("g");
    press("i");
    expect(sequence).toHaveBeenCalledOnce();
    // A key that does not go on with what was begun is a single one.
    lead();
    press("g");
    press("x");
    press("i");
    expect(plain).toHaveBeenCalledOnce();
    expect(sequence).toHaveBeenCalledOnce();
    // What is none may still follow what was begun.
    lead();
    press("g");
    press("e", { ctrlKey: true });
    expect(chord).toHaveBeenCalledOnce();
    keyboard.singleKeys = true;
    lead();
    press("x");
    expect(plain).toHaveBeenCalledTimes(2);
  });

  it("rests while a dialog is open, and does not run what is unavailable", () => {
    const run = action("run", ["x"]);
    const leave = keyboard.enterModal();
    press("x");
    leave();
    expect(run).not.toHaveBeenCalled();
    const never = action("run", ["x"], { unavailable: "not now" });
    press("x");
    expect(never).not.toHaveBeenCalled();
  });

  it("leaves Enter to a focused button", () => {
    const open = action("open", ["Enter"]);
    const button = document.createElement("button");
    document.body.append(button);
    button.focus();
    press("Enter");
    button.blur();
    press("Enter");
    button.remove();
    expect(open).toHaveBeenCalledOnce();
  });
});

describe("the palette", () => {
  it("finds a command by its letters and runs it", async () => {
    const { router } = await renderApp();
    await findList();
    press("k", { ctrlKey: true });
    const input = await screen.findByRole("combobox", { name: "Search commands" });
    await waitFor(() => expect(document.activeElement).toBe(input));
    fireEvent.change(input, { target: { value: "goset" } });
    expect(screen.getAllByRole("option")[0]?.textContent).toContain("Go to Settings");
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/settings"));
    await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
  });

  it("changes the theme", async () => {
    await renderApp();
    press("k", { ctrlKey: true });
    const input = await screen.findByRole("combobox", { name: "Search commands" });
    fireEvent.change(input, { target: { value: "theme contrast light" } });
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("contrast-light"));
  });

  it("says why a command cannot run", async () => {
    await renderApp();
    press("k", { ctrlKey: true });
    const input = await screen.findByRole("combobox", { name: "Search commands" });
    fireEvent.change(input, { target: { value: "stop the feed" } });
    const option = screen.getAllByRole("option")[0];
    expect(option?.getAttribute("aria-disabled")).toBe("true");
    expect(option?.textContent).toContain("no feed is running");
  });
});

describe("the palette beside commands", () => {
  async function type(text: string): Promise<HTMLElement> {
    press("k", { ctrlKey: true });
    const input = await screen.findByRole("combobox", { name: "Search commands" });
    fireEvent.change(input, { target: { value: text } });
    return input;
  }
  const first = () => screen.getAllByRole("option")[0] as HTMLElement;

  it("has commands of the screen before the ways to other screens", async () => {
    await renderApp();
    await findList();
    const titles = async (text: string) => {
      await type(text);
      return screen.getAllByRole("option").map((option) => option.textContent ?? "");
    };
    const place = (all: string[], words: RegExp) => all.findIndex((title) => words.test(title));
    const all = await titles("");
    expect(place(all, /^Go to row/)).toBeLessThan(place(all, /^Go to Live/));
    expect(all[0]).not.toMatch(/^Go to (Inbox|Live)/);
    fireEvent.keyDown(screen.getByRole("combobox", { name: "Search commands" }), { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
    expect(place(await titles("go to"), /^Go to row/)).toBe(0);
  });

  it("searches for a trace by its id", async () => {
    const { router } = await renderApp();
    const trace = "4BF92F3577B34DA6A3CE929D0E0E4736";
    const input = await type(trace);
    await waitFor(() => expect(first().textContent).toContain(`issues of trace ${trace.toLowerCase()}`));
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: `trace:${trace.toLowerCase()}` }),
    );
  });

  it("searches for an event by its id, with and without dashes", async () => {
    const { router } = await renderApp();
    const event = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (const text of [event, "4BF92F35-77B3-4DA6-A3CE-929D0E0E4736"]) {
      await type(text);
      fireEvent.click(await screen.findByRole("option", { name: new RegExp(`issue of event ${event}`) }));
      await waitFor(() => expect(router.state.location.search).toMatchObject({ q: `id:${event}` }));
      await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
      await router.navigate({ to: "/settings" });
    }
  });

  it("opens an issue by its short id, its id or a link", async () => {
    const { host, router } = await renderApp();
    const [id = ""] = (await host.issueSnapshot("is:unresolved", "events")).ids;
    const [row] = await host.issueRows([id]);
    for (const text of [row?.short_id.toLowerCase() ?? "", id, `picket://issue/${id}?occ=00ff`]) {
      const input = await type(text);
      await waitFor(() => expect(first().textContent).toContain(row?.short_id));
      fireEvent.keyDown(input, { key: "Enter" });
      await waitFor(() => expect(router.state.location.pathname).toBe(`/issue/${id}`));
      await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
      await router.navigate({ to: "/settings" });
    }
  });

  it("finds issues by words, views by name, and keys by what they do", async () => {
    const { host, router } = await renderApp();
    const input = await type("#is:resolved");
    const [id = ""] = (await host.issueSnapshot("is:resolved", "last_seen")).ids;
    const [row] = await host.issueRows([id]);
    await waitFor(() => expect(first().textContent).toContain(row?.short_id));
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(input, { target: { value: "#zzzznothing" } });
    expect(await screen.findByText("No issue answers “zzzznothing”.")).toBeTruthy();
    fireEvent.change(input, { target: { value: ":theme" } });
    expect(first().textContent).toMatch(/theme/i);
    fireEvent.change(input, { target: { value: "?next row" } });
    expect(first().textContent).toContain("Next row");
    const [, view] = await host.views();
    fireEvent.change(input, { target: { value: `@${view?.name}` } });
    await waitFor(() => expect(first().textContent).toContain(view?.name));
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(router.state.location.search).toMatchObject({ view: view?.id }));
  });
});

describe("what is typed into the palette", () => {
  it("asks by its first sign", () => {
    expect(readMode("> res")).toEqual({ mode: "commands", wanted: "res" });
    expect(readMode("@")).toEqual({ mode: "views", wanted: "" });
    expect(readMode("go")).toEqual({ mode: "all", wanted: "go" });
  });

  it("may name an issue", () => {
    expect(readNamedIssue("shop-1a")).toEqual({ kind: "short", shortId: "SHOP-1A" });
    expect(readNamedIssue("picket://issue/42?occ=ab12")).toEqual({ kind: "number", id: "42", occ: "ab12" });
    expect(readNamedIssue("picket://issue/SHOP-1A")).toEqual({ kind: "short", shortId: "SHOP-1A" });
    expect(readNamedIssue("resolve it")).toBeNull();
  });
});

describe("the keys to press", () => {
  it("are behind the leader where a single key is first and those are off", () => {
    for (const keys of ["x", "g i", "Shift+m", "[Shift]+?", "Space", "Shift+Digit1", "."]) {
      expect(pressedKeys(keys, true)).toBe(keys);
      expect(pressedKeys(keys, false)).toBe(`$mod+. ${keys}`);
    }
    for (const keys of ["$mod+e", "$mod++", "Alt+ArrowLeft", "Shift+F6", "Enter", "ArrowDown"]) {
      expect(pressedKeys(keys, false)).toBe(keys);
    }
  });
});

describe("the help sheet", () => {
  afterEach(() => preferences.change({ singleKeys: true }));

  it("says how single keys are pressed once they are off", async () => {
    await renderApp();
    await findList();
    act(() => preferences.change({ singleKeys: false }));
    press(".", { ctrlKey: true });
    press("?");
    const sheet = await screen.findByTestId(testIds.helpSheet);
    const line = within(sheet).getByText("Go to Inbox").parentElement as HTMLElement;
    expect(line.querySelector(".visually-hidden")?.textContent).toBe("Ctrl+. then G then I");
    expect([...line.querySelectorAll("kbd")].map((cap) => cap.textContent)).toEqual(["Ctrl", ".", "G", "I"]);
  });

  it("lists the keys of the screen it is opened on", async () => {
    await renderApp();
    await findList();
    press("?");
    const sheet = await screen.findByTestId(testIds.helpSheet);
    expect(sheet.textContent).toContain("Apply waiting updates");
    expect(sheet.textContent).not.toContain("Newer occurrence");
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.helpSheet)).toBeNull());
  });
});

describe("going around", () => {
  it("reaches every screen by key", async () => {
    const { router } = await renderApp();
    await findList();
    for (const [key, path] of [
      ["l", "/live"],
      ["c", "/connections"],
      ["s", "/settings"],
      ["i", "/inbox"],
    ] as const) {
      press("g");
      press(key);
      await waitFor(() => expect(router.state.location.pathname).toBe(path));
    }
  });
});
