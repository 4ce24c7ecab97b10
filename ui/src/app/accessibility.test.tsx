import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp, runFeed } from "@/test/renderApp";

describe("accessibility", () => {
  it("inbox", async () => {
    await renderApp();
    await findList();
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("of messages: one polite region speaks them, once", async () => {
    await renderApp();
    await findList();
    press("e");
    const [message] = await screen.findAllByTestId(testIds.toast);
    expect(message?.textContent).toContain("Resolved");
    const all = [...document.querySelectorAll("[aria-live=polite],[role=status],[role=log],output")];
    // The editor of the query has one for what is typed into it.
    const regions = all.filter((one) => !one.matches(".cm-announced"));
    expect(regions.length).toBe(1);
    await waitFor(() => expect(regions[0]?.textContent).toContain("Resolved"), { timeout: 3_000 });
    expect(message?.closest("[aria-live]")?.getAttribute("aria-live")).toBe("off");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("welcome", async () => {
    await renderApp({ issues: 0 });
    await screen.findByTestId(testIds.startDemo);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("issue", async () => {
    await renderApp({ at: "/inbox?q=issue.type:performance_slow_db_query" });
    await findList();
    press("Enter");
    await screen.findByTestId(testIds.eventJson);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("live", async () => {
    const { host } = await renderApp({ at: "/live" });
    await act(async () => {
      await host.feedStart("demo");
    });
    await runFeed(host, 60);
    await screen.findByText("All partitions");
    expect(await accessibilityProblems()).toEqual([]);
    await host.feedStop();
  });

  it("connections, with problems shown", async () => {
    await renderApp({ at: "/connections?new=true" });
    fireEvent.click(await screen.findByTestId(testIds.connectionSave));
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("connections, with every field", async () => {
    await renderApp({ at: "/connections?name=staging-eu" });
    await screen.findByTestId(testIds.connectionField("username"));
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("settings", async () => {
    await renderApp({ at: "/settings" });
    await screen.findByText("Version");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("palette and help sheet", async () => {
    await renderApp();
    await findList();
    press("k", { ctrlKey: true });
    await screen.findByTestId(testIds.palette);
    expect(await accessibilityProblems()).toEqual([]);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
    press("?");
    await screen.findByTestId(testIds.helpSheet);
    expect(await accessibilityProblems()).toEqual([]);
  });
});
