import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows, topOf } from "@/test/renderApp";

const list = () => screen.getByTestId(testIds.issueList);
const tip = () => screen.getByRole("tooltip", { hidden: true });
const active = () => document.getElementById(list().getAttribute("aria-activedescendant") ?? "");

describe("the cells of a row", () => {
  it("are reached by arrows, and show what they have no room for", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    const [row] = await host.issueRows([cursorRow().dataset.issueId ?? ""]);
    expect(active()).toBe(cursorRow());
    press("ArrowRight");
    expect(active()?.dataset.cell).toBe("level");
    press("ArrowRight");
    expect(active()?.dataset.cell).toBe("issue");
    expect(tip().hidden).toBe(false);
    expect(tip().textContent).toContain(row?.title);
    expect(tip().textContent).toContain(row?.short_id);
    expect(active()?.getAttribute("aria-describedby")).toBe(tip().id);
    expect(await accessibilityProblems()).toEqual([]);
    press("ArrowRight");
    expect(active()?.dataset.column).toBe("trend");
    expect(tip().textContent).toMatch(/^Trend of the last 24 h: \d+ events? in the last 24 h$/);

    // The same cell of the next row.
    press("j");
    expect(active()?.dataset.column).toBe("trend");
    expect(cursorRow().contains(active())).toBe(true);
    expect(document.querySelectorAll("[data-active]").length).toBe(1);

    for (let i = 0; i < 3; i += 1) press("ArrowLeft");
    expect(active()).toBe(cursorRow());
    expect(tip().hidden).toBe(true);
    press("ArrowLeft");
    expect(active()).toBe(cursorRow());
  });

  it("are walked to their ends by Home and End, as the list is from the row itself", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    const first = cursorRow().dataset.issueId;
    press("j");
    const second = cursorRow().dataset.issueId;
    press("ArrowRight");
    press("End");
    expect(cursorRow().dataset.issueId).toBe(second);
    expect(active()).toBe(cursorRow().lastElementChild);
    press("Home");
    expect(active()?.dataset.cell).toBe("level");
    press("Home", { ctrlKey: true });
    expect(cursorRow().dataset.issueId).toBe(first);
    expect(active()?.dataset.cell).toBe("level");
    press("ArrowLeft");
    press("End", { ctrlKey: true });
    const last = cursorRow().dataset.issueId;
    press("Home");
    expect(cursorRow().dataset.issueId).toBe(first);
    press("End");
    expect(cursorRow().dataset.issueId).toBe(last);
  });

  it("end at the last one, and with the focus of the list", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    for (let i = 0; i < 20; i += 1) press("ArrowRight");
    expect(active()?.dataset.column).toBe("assignee");
    press("/");
    expect(tip().hidden).toBe(true);
    expect(document.querySelectorAll("[data-active]").length).toBe(0);
  });

  it("hide their text on Escape, which then means nothing else", async () => {
    const { services } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    press("x");
    press("ArrowRight");
    expect(tip().hidden).toBe(false);
    press("Escape");
    expect(tip().hidden).toBe(true);
    expect(services.selection.count).toBe(1);
    press("Escape");
    expect(services.selection.count).toBe(0);
  });

  it("are reached from a row that was scrolled away, which comes back", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    const id = cursorRow().dataset.issueId;
    const body = list().querySelector<HTMLElement>("[role=rowgroup]") as HTMLElement;
    body.scrollTop = 20_000;
    fireEvent.scroll(body);
    const isAway = (row: HTMLElement) => topOf(row) + 44 < 20_000 || topOf(row) > 20_880;
    await waitFor(() => expect(isAway(cursorRow())).toBe(true));
    press("ArrowRight");
    expect(topOf(cursorRow())).toBe(0);
    expect(cursorRow().dataset.issueId).toBe(id);
    expect(active()?.dataset.cell).toBe("level");
  });

  it("are beyond the issues of a group", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=events&group=project" });
    await findList();
    press("Home");
    press("ArrowRight");
    expect(active()?.dataset.index).toBe("0");
    press("ArrowRight");
    expect(active()?.dataset.cell).toBe("level");
    press("ArrowLeft");
    expect(active()?.dataset.index).toBe("0");
    press("ArrowLeft");
    expect(active()?.dataset.group).toBe("0");
  });
});

describe("a tooltip", () => {
  // Also after a test that failed half-way.
  afterEach(() => {
    vi.useRealTimers();
  });

  const button = () => {
    const node = document.createElement("button");
    node.dataset.tip = "what it does";
    document.body.append(node);
    return node;
  };

  it("comes with the focus of the keyboard and goes with it", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const node = button();
    node.focus();
    await waitFor(() => expect(tip().hidden).toBe(false));
    expect(tip().textContent).toBe("what it does");
    expect(node.getAttribute("aria-describedby")).toBe(tip().id);
    node.blur();
    expect(tip().hidden).toBe(true);
    expect(node.hasAttribute("aria-describedby")).toBe(false);
    node.remove();
  });

  it("describes what has the focus at once, and what has nothing to say by nothing", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const node = button();
    const other = button();
    other.dataset.tip = "";
    node.focus();
    const described = () => document.getElementById(node.getAttribute("aria-describedby") ?? "");
    expect(described()?.textContent).toBe("what it does");
    await waitFor(() => expect(tip().hidden).toBe(false));
    node.dataset.tip = "what it does now";
    await waitFor(() => expect(described()?.textContent).toBe("what it does now"));
    other.focus();
    expect(other.hasAttribute("aria-describedby")).toBe(false);
    expect(tip().textContent).toBe("");
    node.remove();
    other.remove();
  });

  it("stays while the pointer is on it, and ends on Escape", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const node = button();
    fireEvent.pointerOver(node);
    await waitFor(() => expect(tip().hidden).toBe(false));
    vi.useFakeTimers();
    fireEvent.pointerOver(document.body);
    fireEvent.pointerOver(tip());
    vi.advanceTimersByTime(1_000);
    expect(tip().hidden).toBe(false);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(tip().hidden).toBe(true);
    fireEvent.pointerOver(node);
    vi.advanceTimersByTime(1_000);
    expect(tip().hidden).toBe(false);
    fireEvent.pointerOver(document.body);
    vi.advanceTimersByTime(1_000);
    expect(tip().hidden).toBe(true);
    node.remove();
  });

  it("shows a text that is cut, and only then", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    const [row] = await host.issueRows([cursorRow().dataset.issueId ?? ""]);
    const headline = cursorRow().querySelector<HTMLElement>("[data-cut]") as HTMLElement;
    const message = headline.firstElementChild as HTMLElement;
    vi.useFakeTimers();
    fireEvent.pointerOver(message);
    vi.advanceTimersByTime(1_000);
    expect(tip().hidden).toBe(true);
    fireEvent.pointerOver(document.body);
    Object.defineProperty(message, "scrollWidth", { configurable: true, value: 5_000 });
    fireEvent.pointerOver(message);
    vi.advanceTimersByTime(1_000);
    expect(tip().textContent).toContain(row?.title);
  });

  it("keep the row under the cursor in the document, the same element, while it is scrolled away", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    press("j");
    const row = cursorRow();
    const { issueId, index } = row.dataset;
    const scroller = row.closest("[role=rowgroup]") as HTMLElement;
    const scroll = async (top: number) => {
      act(() => {
        scroller.scrollTop = top;
        fireEvent.scroll(scroller);
      });
      await waitFor(() =>
        expect(rows().some((one) => one !== row && topOf(one) >= top && topOf(one) < top + 880)).toBe(true),
      );
    };
    await scroll(8_000);
    expect(active()).toBe(row);
    expect(row.isConnected).toBe(true);
    expect(row.dataset).toMatchObject({ issueId, index });
    // Out of sight, and near: it makes the list no longer.
    expect(topOf(row)).toBeLessThan(8_000);
    expect(rows().filter((one) => one.dataset.issueId === issueId).length).toBe(1);
    await scroll(16_000);
    expect(active()).toBe(row);
    await scroll(0);
    expect(active()).toBe(row);
    expect(topOf(row)).toBe(topOf(rows().find((one) => one.dataset.index === "0") as HTMLElement) + 44);
    press("j");
    expect(cursorRow()).not.toBe(row);
    expect(cursorRow().dataset.index).toBe("2");
  });
});
