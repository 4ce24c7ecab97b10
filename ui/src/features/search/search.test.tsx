import { EditorView } from "@codemirror/view";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Completion } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";

const input = () => screen.getByTestId(testIds.queryInput);

function editor(): EditorView {
  const view = EditorView.findFromDOM(input());
  if (!view) throw new Error("no editor");
  return view;
}

/** Puts a text into the field as typing does, caret at the end unless said otherwise. */
function type(text: string, caret = text.length): void {
  const view = editor();
  act(() => {
    view.focus();
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: caret },
      userEvent: "input.type",
    });
  });
}

function key(name: string, modifiers: Partial<KeyboardEventInit> = {}): boolean {
  const keyCode = { Enter: 13, Tab: 9, Escape: 27, ArrowUp: 38, ArrowDown: 40, " ": 32 }[name] ?? 0;
  return fireEvent.keyDown(input(), {
    key: name,
    code: name === " " ? "Space" : name,
    keyCode,
    ...modifiers,
  });
}

const text = () => editor().state.doc.toString();
const options = async () =>
  within(await screen.findByTestId(testIds.suggestions)).getAllByRole("option") as HTMLElement[];

async function open(at = "/inbox?q=") {
  const app = await renderApp({ at });
  await findList();
  return app;
}

describe("suggestions", () => {
  it("come with exact counts under the rest of the query, most first", async () => {
    const { host } = await open();
    type("is:unresolved level:");
    const all = await options();
    const level = all[0]?.dataset.text ?? "";
    const { total } = await host.issueSnapshot(`is:unresolved level:${level}`, "events");
    expect(all[0]?.textContent).toContain(String(total));
    expect(input().getAttribute("role")).toBe("combobox");
    expect(input().getAttribute("aria-expanded")).toBe("true");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("say where counting ended, and where the counts are those of all issues", async () => {
    const { host } = await open();
    const { queryComplete } = host;
    host.queryComplete = async (...asked) => {
      const answer = await queryComplete(...asked);
      const items = answer.items.map((item) => ({ ...item, count: 10_000, at_least: true }));
      return { ...answer, items, global: true };
    };
    type("is:unresolved level:");
    const [first] = await options();
    expect(first?.textContent).toContain("10\u202f000+");
    expect(screen.getByTestId(testIds.suggestions).textContent).toContain("counts are those of all issues");
  });

  it("are taken by Tab, first the field and then its value", async () => {
    await open();
    type("lev");
    await options();
    key("Tab");
    expect(text()).toBe("level:");
    await waitFor(() => expect(screen.getByTestId(testIds.suggestions).dataset.stage).toBe("value"));
    const [first] = await options();
    key("Tab");
    expect(text()).toBe(`level:${first?.dataset.text} `);
    expect(screen.queryByTestId(testIds.suggestions)).toBeNull();
  });

  it("leave Enter to the query until somebody moves into the list", async () => {
    const { router } = await open();
    type("is:re");
    await options();
    key("ArrowDown");
    await waitFor(() => expect(input().getAttribute("aria-activedescendant")).toBeTruthy());
    const marked = (await options()).find((option) => option.getAttribute("aria-selected") === "true");
    key("Enter");
    expect(text()).toBe(`is:${marked?.dataset.text} `);
    type("level:error");
    await options();
    key("Enter");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "level:error" }));
    expect(text()).toBe("level:error");
  });

  it("close with Escape, and a second one leaves the field", async () => {
    await open();
    type("lev");
    await options();
    key("Escape");
    expect(screen.queryByTestId(testIds.suggestions)).toBeNull();
    expect(document.activeElement).toBe(input());
    expect(text()).toBe("lev");
    key("Escape");
    expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList));
  });

  it("are dropped when they come late", async () => {
    const { host } = await open();
    const { queryComplete } = host;
    const late: ((answer: Completion) => void)[] = [];
    host.queryComplete = () => new Promise((resolve) => late.push(resolve));
    type("is:");
    host.queryComplete = queryComplete;
    type("level:");
    await waitFor(async () =>
      expect((await options()).some(({ dataset }) => dataset.text === "error")).toBe(true),
    );
    const old = await queryComplete("is:", 3);
    await act(async () => late[0]?.(old));
    expect((await options()).some(({ dataset }) => dataset.text === "unresolved")).toBe(false);
    expect(text()).toBe("level:");
  });

  it("never change a text by themselves", async () => {
    await open();
    for (const typed of ["is", "is:", "is:unres", "is:unresolved AND"]) {
      type(typed);
      await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
      expect(text()).toBe(typed);
    }
  });

  it("say when nothing is stored", async () => {
    await open();
    type("project:zzz");
    expect(await screen.findByText(/No stored value starts with/)).toBeTruthy();
    // Of what people wrote, nothing is offered.
    type("issue.note:zzz");
    await waitFor(() => expect(screen.queryByText(/No stored value starts with/)).toBeNull());
  });

  it("keep a complaint about what they offer back until they are closed", async () => {
    await open();
    type("level:");
    await options();
    await act(() => new Promise((resolve) => setTimeout(resolve, 600)));
    expect(screen.queryByTestId(testIds.queryProblem)).toBeNull();
    key("Escape");
    expect((await screen.findByTestId(testIds.queryProblem)).dataset.code).toBe("empty_value");
  });

  it("are asked for by Ctrl+Space, and taken by the pointer", async () => {
    await open();
    act(() => editor().focus());
    key(" ", { ctrlKey: true });
    const all = await options();
    const is = all.find(({ dataset }) => dataset.text === "is:") as HTMLElement;
    fireEvent.click(is);
    expect(text()).toBe("is:");
  });
});

describe("past searches", () => {
  it("are walked by Ctrl+ArrowUp and back to what was typed", async () => {
    await open();
    for (const query of ["level:error", "is:resolved"]) {
      type(query);
      key("Escape");
      key("Enter");
      await waitFor(() => expect(screen.getByTestId(testIds.resultCount).dataset.stale).toBeUndefined());
    }
    type("dra");
    key("ArrowUp", { ctrlKey: true });
    await waitFor(() => expect(text()).toBe("is:resolved"));
    key("ArrowUp", { ctrlKey: true });
    await waitFor(() => expect(text()).toBe("level:error"));
    key("ArrowUp", { ctrlKey: true });
    key("ArrowDown", { ctrlKey: true });
    await waitFor(() => expect(text()).toBe("is:resolved"));
    key("ArrowDown", { ctrlKey: true });
    await waitFor(() => expect(text()).toBe("dra"));
  });

  it("are found by Mod+R and run", async () => {
    const { router } = await open();
    type("level:fatal");
    key("Escape");
    key("Enter");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "level:fatal" }));
    type("is:new");
    key("Escape");
    key("Enter");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "is:new" }));
    key("r", { ctrlKey: true });
    const find = await screen.findByTestId(testIds.historyInput);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(find, { target: { value: "fatal" } });
    fireEvent.keyDown(find, { key: "Enter" });
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "level:fatal" }));
  });
});

describe("a slow query", () => {
  it("waits for Enter", async () => {
    const { host, router } = await open();
    const { issueSnapshot } = host;
    host.issueSnapshot = async (query, sort) => ({ ...(await issueSnapshot(query, sort)), took_ms: 900 });
    type("level:error");
    key("Escape");
    key("Enter");
    await waitFor(() => expect(screen.getByTestId(testIds.resultCount).textContent).toContain("900 ms"));
    type("level:fatal");
    await act(() => new Promise((resolve) => setTimeout(resolve, 600)));
    expect(router.state.location.search).toMatchObject({ q: "level:error" });
  });
});

describe("explaining", () => {
  it("lists the steps with what was left", async () => {
    const { host } = await open("/inbox?q=is:unresolved%20level:error");
    press("i", { ctrlKey: true });
    const explain = await screen.findByTestId(testIds.explain);
    const { total } = await host.issueSnapshot("is:unresolved level:error", "events");
    await waitFor(() => expect(explain.querySelectorAll("li").length).toBe(3));
    expect(explain.querySelectorAll("li")[1]?.textContent).toContain(`${total} issues left`);
    expect(await accessibilityProblems()).toEqual([]);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.explain)).toBeNull());
  });

  it("says how long each step took, and which one longest", async () => {
    const { host } = await open("/inbox?q=is:unresolved");
    const step = (words: string, took_ms: number) => ({ words, rows: 5, took_ms, uses_index: true });
    const steps = [step("all", 2), step("unresolved", 1_200), step("error", 31)];
    vi.spyOn(host, "queryExplain").mockResolvedValue({ steps, total: 5, took_ms: 40, note: null });
    press("i", { ctrlKey: true });
    const explain = await screen.findByTestId(testIds.explain);
    await waitFor(() => expect(explain.querySelectorAll("li").length).toBe(3));
    const said = [...explain.querySelectorAll("li")].map((li) => li.textContent);
    expect(said[0]).toMatch(/by index · 2 ms$/);
    expect(said[1]).toMatch(/by index · 1\.2 s · slowest$/);
    expect(said[2]).toMatch(/by index · 31 ms$/);
  });

  it("is withdrawn by its button, goes on by another, and is withdrawn when it is closed", async () => {
    const { host } = await open("/inbox?q=is:unresolved");
    const signals: AbortSignal[] = [];
    vi.spyOn(host, "queryExplain").mockImplementation((_query, _sort, signal) => {
      if (signal) signals.push(signal);
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(new Error("withdrawn"))),
      );
    });
    press("i", { ctrlKey: true });
    fireEvent.click(await screen.findByTestId(testIds.explainButton("stop"), undefined, { timeout: 4_000 }));
    const again = await screen.findByTestId(testIds.explainButton("again"));
    expect([signals.length, signals[0]?.aborted]).toEqual([1, true]);
    expect(screen.queryByText(/withdrawn/)).toBeNull();
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(again);
    await waitFor(() => expect(signals.length).toBe(2));
    press("Escape");
    await waitFor(() => expect(signals[1]?.aborted).toBe(true));
  });
});

describe("a query in lines", () => {
  const lines = () => editor().state.doc.toString().split("\n");

  it("has a term in each, is run by Mod+Enter and stays one query", async () => {
    const { router } = await open("/inbox?q=is:unresolved level:error");
    press("L", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(lines()).toEqual(["is:unresolved", "level:error"]));
    expect(await accessibilityProblems()).toEqual([]);
    act(() => editor().dispatch({ selection: { anchor: text().length }, userEvent: "select" }));
    key("Enter");
    expect(lines()).toEqual(["is:unresolved", "level:error", ""]);
    type("is:unresolved\nlevel:fatal\n");
    expect(lines()).toEqual(["is:unresolved", "level:fatal", ""]);
    key("Enter", { ctrlKey: true });
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: "is:unresolved level:fatal " }),
    );
    expect(screen.queryByTestId(testIds.queryProblem)).toBeNull();
    key("Escape");
    await waitFor(() => expect(lines()).toEqual(["is:unresolved level:fatal "]));
    // In one line Enter runs it again, and pasted breaks are blanks.
    type("is:new\nlevel:fatal");
    expect(lines()).toEqual(["is:new level:fatal"]);
  });

  it("is no step of what can be undone", async () => {
    await open("/inbox?q=is:unresolved");
    const turn = () => press("L", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(text()).toBe("is:unresolved"));
    act(() => {
      const at = text().length;
      const added = " level:error 🦀";
      editor().dispatch({
        changes: { from: at, insert: added },
        selection: { anchor: at + added.length },
        userEvent: "input.paste",
      });
    });
    turn();
    await waitFor(() => expect(lines()).toEqual(["is:unresolved", "level:error", "🦀"]));
    const undo = () => act(() => void key("z", { ctrlKey: true }));
    undo();
    expect(lines()).toEqual(["is:unresolved"]);
    act(() => void key("y", { ctrlKey: true }));
    expect(lines().join(" ")).toBe("is:unresolved level:error 🦀");
    // What was deleted in lines comes back into one line.
    turn();
    await waitFor(() => expect(lines()).toHaveLength(1));
    turn();
    await waitFor(() => expect(lines()).toHaveLength(3));
    act(() => editor().dispatch({ changes: { from: 0, to: text().length }, userEvent: "delete" }));
    turn();
    await waitFor(() => expect(screen.queryByText(/goes back to one line/)).toBeNull());
    undo();
    expect(lines()).toEqual(["is:unresolved level:error 🦀"]);
  });

  it("stays in lines when another query takes its place", async () => {
    const { router } = await open("/inbox?q=is:unresolved level:error");
    press("L", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(lines()).toHaveLength(2));
    const search = { q: "is:resolved level:fatal", sort: "last_seen" } as const;
    await act(() => router.navigate({ to: "/inbox", search }));
    await waitFor(() => expect(lines()).toEqual(["is:resolved", "level:fatal"]));
  });

  it("gets its suggestions at the right place", async () => {
    await open("/inbox?q=");
    press("L", { ctrlKey: true, shiftKey: true });
    await screen.findByText(/goes back to one line/);
    type("is:unresolved\nlevel:fat");
    await options();
    key("Tab");
    expect(lines()).toEqual(["is:unresolved", "level:fatal "]);
  });
});

describe("the builder", () => {
  it("edits the same text and keeps its spacing", async () => {
    const { router } = await open("/inbox?q=is:unresolved");
    type("is:unresolved   level:error");
    press("B", { ctrlKey: true, shiftKey: true });
    const rows = await screen.findAllByTestId(testIds.builderRow);
    expect(rows.length).toBe(2);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(screen.getByRole("combobox", { name: "Value of level" }), {
      target: { value: "fatal" },
    });
    await waitFor(() => expect(text()).toBe("is:unresolved   level:fatal"));
    const added = screen.getByTestId(testIds.builderValue);
    fireEvent.change(added, { target: { value: "assigned" } });
    fireEvent.keyDown(added, { key: "Enter" });
    fireEvent.submit(added.closest("form") as HTMLFormElement);
    await waitFor(() => expect(text()).toBe("is:unresolved   level:fatal is:assigned"));
    fireEvent.click(screen.getByRole("button", { name: "Remove level:fatal" }));
    await waitFor(() => expect(text()).toBe("is:unresolved   is:assigned"));
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: "is:unresolved   is:assigned" }),
    );
    fireEvent.keyDown(added, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId(testIds.builder)).toBeNull());
    expect(document.activeElement).toBe(input());
  });

  it("offers the stored values of a field", async () => {
    await open("/inbox?q=is:unresolved");
    type("is:unresolved level:error");
    press("B", { ctrlKey: true, shiftKey: true });
    await screen.findAllByTestId(testIds.builderRow);
    const value = screen.getByRole("combobox", { name: "Value of level" });
    fireEvent.change(value, { target: { value: "fat" } });
    const list = await screen.findByRole("listbox", { name: "Stored values" });
    expect(
      within(list)
        .getAllByRole("option")
        .map(({ dataset }) => dataset.text),
    ).toEqual(["fatal"]);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.keyDown(value, { key: "ArrowDown" });
    expect(value.getAttribute("aria-activedescendant")).toBeTruthy();
    fireEvent.keyDown(value, { key: "Enter" });
    await waitFor(() => expect(text()).toBe("is:unresolved level:fatal"));
    // The first Escape closes the list, the second the builder.
    fireEvent.change(value, { target: { value: "err" } });
    await screen.findByRole("listbox", { name: "Stored values" });
    fireEvent.keyDown(value, { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("listbox", { name: "Stored values" })).toBeNull());
    expect(screen.queryByTestId(testIds.builder)).not.toBeNull();
  });

  it("asks for values with blanks in quotes, so that they stay one value", async () => {
    const { host } = await open("/inbox?q=is:unresolved");
    type("release:x level:error");
    press("B", { ctrlKey: true, shiftKey: true });
    await screen.findAllByTestId(testIds.builderRow);
    const asked: string[] = [];
    const { queryComplete } = host;
    host.queryComplete = (text, caret) => {
      asked.push(`${text.slice(0, caret)}|${text.slice(caret)}`);
      return queryComplete(text, caret);
    };
    const value = screen.getByRole("combobox", { name: "Value of release" });
    fireEvent.change(value, { target: { value: "2.4 beta" } });
    await waitFor(() => expect(asked).toContain('release:"2.4 beta|" level:error'));
    fireEvent.change(screen.getByTestId(testIds.builderValue), { target: { value: "a b" } });
    await waitFor(() => expect(asked.at(-1)).toMatch(/^release:"2\.4 beta" level:error \w+:"a b\|"$/));
  });

  it("joins a new row by OR, and compares parts of a value", async () => {
    await open("/inbox?q=is:unresolved");
    type("culprit:*pay*");
    press("B", { ctrlKey: true, shiftKey: true });
    await screen.findAllByTestId(testIds.builderRow);
    expect((screen.getByRole("combobox", { name: "Value of culprit" }) as HTMLInputElement).value).toBe(
      "pay",
    );
    fireEvent.change(screen.getByRole("combobox", { name: "Value of culprit" }), {
      target: { value: "a*b" },
    });
    await waitFor(() => expect(text()).toBe("culprit:*a\\*b*"));
    fireEvent.click(screen.getByRole("radio", { name: "or" }));
    const added = screen.getByTestId(testIds.builderValue);
    fireEvent.change(added, { target: { value: "new" } });
    fireEvent.submit(added.closest("form") as HTMLFormElement);
    await waitFor(() => expect(text()).toBe("culprit:*a\\*b* OR is:new"));
  });
});
