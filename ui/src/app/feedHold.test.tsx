import { createEvent, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";

const hold = () => press("p", { ctrlKey: true });
const state = () => screen.getByTestId(testIds.feedPill).dataset.state;

describe("holding the feed", () => {
  it("stops it on any screen, and lets it go on with the connection it had", async () => {
    const { host } = await renderApp();
    await findList();
    hold();
    expect((await host.feedStatus()).state).toBe("off");
    await host.feedStart("staging-eu");
    await waitFor(() => expect(state()).not.toBe("off"));
    hold();
    await waitFor(() => expect(state()).toBe("off"));
    expect((await host.feedStatus()).state).toBe("off");
    await waitFor(() => {
      hold();
      expect(state()).not.toBe("off");
    });
    expect((await host.feedStatus()).connection).toBe("staging-eu");
    await host.feedStop();
  });

  it("asks before it goes on reading from production", async () => {
    const { host, router } = await renderApp();
    await findList();
    await host.feedStart("production");
    await waitFor(() => expect(state()).not.toBe("off"));
    hold();
    await waitFor(() => expect(state()).toBe("off"));
    await waitFor(() => {
      hold();
      expect(router.state.location.pathname).toBe("/connections");
    });
    expect((await host.feedStatus()).state).toBe("off");
  });

  it("never lets the web view print the window", async () => {
    await renderApp();
    await findList();
    press("?");
    const sheet = await screen.findByTestId(testIds.helpSheet);
    const event = createEvent.keyDown(sheet, { key: "p", code: "KeyP", ctrlKey: true });
    fireEvent(sheet, event);
    expect(event.defaultPrevented).toBe(true);
  });
});
