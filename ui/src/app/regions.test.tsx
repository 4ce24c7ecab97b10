import { act, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { createFixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { findList, NOW, press, renderApp } from "@/test/renderApp";
import { regions } from "./regions";

/** The region that has the focus. */
const focused = () => document.activeElement?.closest<HTMLElement>("[data-region]")?.dataset.region;

/** Presses F6 until the circle is closed, and returns the regions on the way. */
function walk(modifiers: KeyboardEventInit = {}): (string | undefined)[] {
  const way: (string | undefined)[] = [];
  for (const _ of regions()) {
    act(() => press("F6", modifiers));
    way.push(focused());
  }
  return way;
}

describe("F6", () => {
  it("walks the regions of the window in a circle, both ways", async () => {
    await renderApp();
    const list = await findList();
    act(() => list.focus());
    const way = walk();
    expect(way).toEqual(["status", "title", "rail", "views", "search", "toolbar", "list"]);
    // The list itself takes the keys, not one of its heads.
    expect(document.activeElement).toBe(list);
    const back = walk({ shiftKey: true });
    expect(back).toEqual(["toolbar", "search", "views", "rail", "title", "status", "list"]);
  });

  it("passes through messages and on, however long they stay", async () => {
    const { services } = await renderApp();
    const list = await findList();
    act(() => services.toasts.failed("Not saved", new Error("the disk is full")));
    await screen.findByTestId(testIds.toast);
    act(() => list.focus());
    expect(walk()).toEqual(["status", "messages", "title", "rail", "views", "search", "toolbar", "list"]);
    expect(walk({ shiftKey: true }).slice(-3)).toEqual(["messages", "status", "list"]);
  });

  it("goes on from where the focus is, and to the whole screen where that has no parts", async () => {
    await renderApp({ at: "/settings" });
    await screen.findByRole("heading", { name: "Settings" });
    act(() => screen.getByTestId(testIds.nav("jobs")).focus());
    act(() => press("F6"));
    expect(focused()).toBe("screen");
    act(() => press("F6"));
    expect(focused()).toBe("status");
  });

  it("reaches the middle of an issue", async () => {
    const host = createFixtureHost({ issues: 50, now: () => NOW });
    const [id] = (await host.issueSnapshot("", "last_seen")).ids;
    await renderApp({ at: `/issue/${id}`, host });
    const header = await screen.findByTestId(testIds.issueHeader);
    act(() => header.querySelector<HTMLElement>("button")?.focus());
    act(() => press("F6"));
    expect(focused()).toBe("issue");
    act(() => press("F6"));
    expect(focused()).toBe("facts");
  });
});
