import { EditorView } from "@codemirror/view";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";

const input = () => screen.getByTestId(testIds.queryInput);

function editor(): EditorView {
  const view = EditorView.findFromDOM(input());
  if (!view) throw new Error("no editor");
  return view;
}

const text = () => editor().state.doc.toString();

function type(words: string, caret = words.length): void {
  const view = editor();
  act(() => {
    view.focus();
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: words },
      selection: { anchor: caret },
      userEvent: "input.type",
    });
  });
}

/** Presses a key in the query field. */
const key = (name: string) =>
  fireEvent.keyDown(input(), {
    key: name,
    code: name,
    keyCode: { Enter: 13, Tab: 9, Escape: 27, ArrowUp: 38, ArrowDown: 40 }[name] ?? 0,
  });

const line = () => document.querySelector<HTMLElement>("[data-opens=calendar]");

/** Opens the calendar for what is typed. */
async function openCalendar(words: string, caret?: number) {
  type(words, caret);
  await waitFor(() => expect(line()).not.toBeNull());
  fireEvent.click(line() as HTMLElement);
  return screen.findByTestId(testIds.calendar);
}

const focused = () => (document.activeElement as HTMLElement).dataset.day;

describe("the calendar", () => {
  it("puts a day behind the key of a time, by keys alone", async () => {
    const { router } = await renderApp({ at: "/inbox?q=" });
    await findList();
    type("is:unresolved first_seen:>=2026-11-20");
    await waitFor(() => expect(line()).not.toBeNull());
    // It is the last line, which is the first one upwards.
    key("ArrowUp");
    await waitFor(() => expect(line()?.getAttribute("aria-selected")).toBe("true"));
    key("Enter");
    const calendar = await screen.findByTestId(testIds.calendar);
    await waitFor(() => expect(focused()).toBe("2026-11-20"));
    expect(await accessibilityProblems()).toEqual([]);
    const grid = within(calendar).getByRole("grid");
    expect(document.getElementById(grid.getAttribute("aria-labelledby") ?? "")?.textContent).toContain(
      "2026",
    );
    expect(within(calendar).getAllByRole("gridcell", { selected: true })).toHaveLength(1);
    for (const [name, shiftKey, day] of [
      ["ArrowRight", false, "2026-11-21"],
      ["ArrowUp", false, "2026-11-14"],
      ["Home", false, "2026-11-09"],
      ["End", false, "2026-11-15"],
      ["PageUp", false, "2026-10-15"],
      ["PageUp", true, "2025-10-15"],
      ["PageDown", false, "2025-11-15"],
    ] as const) {
      press(name, { shiftKey });
      expect(focused()).toBe(day);
    }
    // The cells are one stop of the keyboard.
    expect(calendar.querySelectorAll("[role=gridcell][tabindex='0']")).toHaveLength(1);
    press("Enter");
    expect(text()).toBe("is:unresolved first_seen:>=2025-11-15 ");
    await waitFor(() => expect(screen.queryByTestId(testIds.calendar)).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(input()));
    key("Enter");
    const query = () => (router.state.location.search as { q?: string }).q?.trim();
    await waitFor(() => expect(query()).toBe("is:unresolved first_seen:>=2025-11-15"));
  });

  it("keeps what was typed on Escape, and what stands behind the place", async () => {
    await renderApp({ at: "/inbox?q=" });
    await findList();
    await openCalendar("age: level:error", 4);
    const today = new Date().toISOString().slice(0, 10);
    await waitFor(() => expect(focused()).toBe(today));
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.calendar)).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(input()));
    expect(text()).toBe("age: level:error");
    await openCalendar("age: level:error", 4);
    const day = document.querySelector<HTMLElement>(`[data-day="${today}"]`);
    if (!day) throw new Error("today is not there");
    expect(day.getAttribute("aria-current")).toBe("date");
    fireEvent.click(day);
    expect(text()).toBe(`age:${today} level:error`);
  });

  it("goes to other months by its buttons, which keep the keyboard", async () => {
    await renderApp({ at: "/inbox?q=" });
    await findList();
    const calendar = await openCalendar("last_seen:2026-01-31");
    await waitFor(() => expect(focused()).toBe("2026-01-31"));
    const after = within(calendar).getByRole("button", { name: "Month after" });
    after.focus();
    fireEvent.click(after);
    expect(document.activeElement).toBe(after);
    expect(within(calendar).getByRole("gridcell", { selected: true }).dataset.day).toBe("2026-02-28");
  });

  it("is offered for times only, and not to Tab, which takes what can be taken", async () => {
    const { host } = await renderApp({ at: "/inbox?q=" });
    await findList();
    const { queryComplete } = host;
    let answered = "";
    host.queryComplete = async (asked, caret) => {
      const answer = await queryComplete(asked, caret);
      answered = asked;
      return answer;
    };
    for (const words of ["level:", "age:2026-99-99", "age:<script>", "message:age:"]) {
      type(words);
      await waitFor(() => expect(answered).toBe(words));
      await act(async () => {});
      expect(document.querySelector("[data-opens]"), words).toBeNull();
    }
    type("age:2026-1");
    await waitFor(() => expect(document.querySelector("[data-opens=calendar]")).not.toBeNull());
    expect(screen.getByTestId(testIds.suggestions).textContent).not.toContain("Tab");
    key("Tab");
    expect(screen.queryByTestId(testIds.calendar)).toBeNull();
    expect(text()).toBe("age:2026-1");
  });

  it("leaves a text alone that has moved on", async () => {
    await renderApp({ at: "/inbox?q=" });
    await findList();
    await openCalendar("age:");
    act(() => editor().dispatch({ changes: { from: 0, to: 4, insert: "level:error" } }));
    const day = document.querySelector<HTMLElement>("[data-day]");
    if (day) fireEvent.click(day);
    await waitFor(() => expect(screen.queryByTestId(testIds.calendar)).toBeNull());
    expect(text()).toBe("level:error");
  });

  it("is not complained about: what is missing is being chosen", async () => {
    await renderApp({ at: "/inbox?q=" });
    await findList();
    await openCalendar("first_seen:>=");
    // Longer than until a problem is put into words.
    await act(() => new Promise((resolve) => setTimeout(resolve, 600)));
    expect(screen.queryByTestId(testIds.queryProblem)).toBeNull();
    fireEvent.keyDown(document.activeElement as Element, { key: "Escape", code: "Escape" });
    await waitFor(() => expect(screen.queryByTestId(testIds.calendar)).toBeNull());
    expect(await screen.findByTestId(testIds.queryProblem)).toBeTruthy();
  });
});

describe("the calendar of the builder", () => {
  it("chooses the day of a row by keys alone, and Escape closes nothing but it", async () => {
    await renderApp({ at: "/inbox?q=last_seen:>=2026-11-20" });
    await findList();
    press("b", { ctrlKey: true, shiftKey: true });
    const [row] = await screen.findAllByTestId(testIds.builderRow);
    const field = within(row as HTMLElement).getByRole("combobox", { name: "Value of last_seen" });
    const open = async () => {
      act(() => field.focus());
      // The last line is the first one upwards.
      fireEvent.keyDown(field, { key: "ArrowUp" });
      await waitFor(() => expect(line()?.getAttribute("aria-selected")).toBe("true"));
      fireEvent.keyDown(field, { key: "Enter" });
      await screen.findByTestId(testIds.calendar);
      await waitFor(() => expect(focused()).toBe("2026-11-20"));
    };
    const inCalendar = (name: string) =>
      fireEvent.keyDown(document.activeElement as Element, { key: name, code: name });
    const isClosed = () => expect(screen.queryByTestId(testIds.calendar)).toBeNull();

    await open();
    expect(await accessibilityProblems()).toEqual([]);
    inCalendar("Escape");
    await waitFor(isClosed);
    expect(screen.queryByTestId(testIds.builder)).not.toBeNull();
    expect(text()).toBe("last_seen:>=2026-11-20");

    await open();
    inCalendar("ArrowLeft");
    await waitFor(() => expect(focused()).toBe("2026-11-19"));
    inCalendar("Enter");
    await waitFor(isClosed);
    await waitFor(() => expect(text()).toBe("last_seen:>=2026-11-19"));
    expect(document.activeElement).toBe(field);
  });

  it("is offered for times only", async () => {
    await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    press("b", { ctrlKey: true, shiftKey: true });
    const [row] = await screen.findAllByTestId(testIds.builderRow);
    const field = within(row as HTMLElement).getByRole("combobox", { name: "Value of level" });
    fireEvent.change(field, { target: { value: "" } });
    await screen.findByRole("listbox", { name: "Stored values" });
    expect(line()).toBeNull();
  });
});
