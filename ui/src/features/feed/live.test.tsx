import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { renderApp, runFeed } from "@/test/renderApp";
import { accountedFor } from "./Totals";

describe("the Live screen", () => {
  it("starts the demo, adds up, and stops", async () => {
    const { host } = await renderApp({ at: "/live", noConnections: true });
    fireEvent.click(await screen.findByRole("button", { name: "Start" }));
    await waitFor(() => expect(screen.getByTestId(testIds.feedPill).dataset.state).toBe("connecting"));
    await runFeed(host, 40);
    const status = await host.feedStatus();
    expect(accountedFor(status.totals)).toBe(status.totals.records);
    const sum = await screen.findByRole("region", { name: "Records of this run" });
    expect(sum.textContent).toContain("opened an issue");
    expect(within(sum).queryByRole("alert")).toBeNull();
    expect(screen.getAllByText("ingest-occurrences").length).toBeGreaterThan(3);
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    await waitFor(() => expect(screen.getByTestId(testIds.feedPill).dataset.state).toBe("off"));
  });

  it("says when a sum does not come out", () => {
    const totals = {
      records: 9,
      created: 1,
      updated: 2,
      status_changed: 0,
      unchanged: 0,
      dropped: [{ reason: "x", count: 3 }],
      dead_lettered: 1,
    };
    expect(accountedFor(totals)).toBe(7);
  });

  it("asks before it reads from production", async () => {
    const { host } = await renderApp({ at: "/connections?name=production" });
    fireEvent.click(await screen.findByRole("button", { name: "Start" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("production cluster");
    // Focus moves in once the dialog has been painted.
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
    fireEvent.click(within(dialog).getByRole("button", { name: "Start reading" }));
    await waitFor(() => expect(screen.getByTestId(testIds.feedPill).dataset.state).not.toBe("off"));
    expect((await host.feedStatus()).connection).toBe("production");
    await host.feedStop();
  });
});
