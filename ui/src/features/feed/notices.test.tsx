import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type FeedStatus, HostError } from "@/ipc";
import { OFF } from "@/ipc/fixture/feed";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp, rows, topOf } from "@/test/renderApp";
import { feedNotices } from "./feedNotices";

const notices = () => screen.queryAllByTestId(testIds.feedNotice);
const kinds = () => notices().map((notice) => notice.dataset.kind);
const button = (name: "see" | "start" | "hide") => screen.getByTestId(testIds.feedNoticeButton(name));

describe("what is wrong with the feed", () => {
  it("is shown on every screen, without moving a row", async () => {
    const { host } = await renderApp();
    await findList();
    const before = rows().map((row) => [row.dataset.issueId, topOf(row)]);
    act(() => host.feed.trouble("paused"));
    await waitFor(() => expect(kinds()).toEqual(["paused"]));
    expect(rows().map((row) => [row.dataset.issueId, topOf(row)])).toEqual(before);
    const text = notices()[0]?.textContent;
    expect(text).toContain("Reading from staging-eu has stopped.");
    expect(text).toMatch(
      /51 records of the last 1\s000 records could not be read, most because of “invalid JSON”/,
    );
    expect(screen.getByTestId(testIds.feedPill).textContent).toContain("stopped, see why");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("leads to the records that stopped it, and starts again", async () => {
    const { host, router } = await renderApp({ show: ["paused"] });
    await waitFor(() => expect(kinds()).toEqual(["paused"]));
    fireEvent.click(button("see"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/dead-letters"));
    expect(router.state.location.search).toEqual({ reason: "invalid_json" });
    fireEvent.click(button("start"));
    await waitFor(() => expect(kinds()).toEqual([]));
    expect(await host.feedStatus()).toMatchObject({ connection: "staging-eu", paused: null });
    await act(async () => void (await host.feedStop()));
  });

  it("asks before it starts production again", async () => {
    const { host } = await renderApp({ show: ["paused"] });
    await waitFor(() => expect(kinds()).toEqual(["paused"]));
    await act(async () => void (await host.feedStart("production")));
    act(() => host.feed.trouble("paused"));
    await waitFor(() => expect(notices()[0]?.textContent).toContain("production"));
    fireEvent.click(button("start"));
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("production cluster");
    fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect((await host.feedStatus()).paused).not.toBeNull();
  });

  it.each([
    ["store-away", "store", /The store is away\. Storing waits: .* Picket keeps trying\./],
    ["broker-away", "broker", /The broker is away\. No broker answers .* Picket keeps trying\./],
    ["failed", "failed", /The feed of staging-eu has ended\. The broker refuses the login/],
    [
      "counters-away",
      "counters",
      /Redis is away since .+\. Noise reduction and quotas are off until it is back\. 120 decisions were made without them\. Connection refused by/,
    ],
  ] as const)("says what %s means", async (show, kind, text) => {
    await renderApp({ show: [show] });
    await waitFor(() => expect(kinds()).toEqual([kind]));
    expect(notices()[0]?.textContent?.replaceAll(/\s+/g, " ")).toMatch(text);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("can be hidden, and comes back the next time", async () => {
    const { host } = await renderApp({ show: ["broker-away"] });
    await waitFor(() => expect(kinds()).toEqual(["broker"]));
    fireEvent.click(button("hide"));
    expect(kinds()).toEqual([]);
    await act(async () => void (await host.feedStop()));
    await waitFor(() => expect(screen.getByTestId(testIds.feedPill).dataset.state).toBe("off"));
    act(() => host.feed.trouble("broker-away"));
    await waitFor(() => expect(kinds()).toEqual(["broker"]));
  });

  it("stays on Live, where it cannot be hidden", async () => {
    await renderApp({ show: ["failed"], at: "/live" });
    await waitFor(() => expect(kinds()).toEqual(["failed"]));
    expect(screen.queryByTestId(testIds.feedNoticeButton("hide"))).toBeNull();
    expect(screen.getAllByText(/The broker refuses the login/).length).toBe(1);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("is in the palette", async () => {
    await renderApp({ show: ["paused"] });
    await waitFor(() => expect(kinds()).toEqual(["paused"]));
    press("k", { ctrlKey: true });
    const input = await screen.findByRole("combobox", { name: "Search commands" });
    fireEvent.change(input, { target: { value: "start the feed of staging-eu again" } });
    expect(screen.getAllByRole("option")[0]?.getAttribute("aria-disabled")).toBeNull();
  });
});

describe("the notices of a status", () => {
  const now = Date.UTC(2026, 10, 20, 14, 30);
  const status = (parts: Partial<FeedStatus>): FeedStatus => ({ ...OFF, ...parts });
  const of = (parts: Partial<FeedStatus>, error: unknown = null) =>
    feedNotices(status(parts), error, now).map((notice) => notice.kind);
  const away = (decided_without: number) => ({
    kind: "redis" as const,
    away_since: now - 60_000,
    reason: null,
    decided_without,
  });

  it("are none while all is well", () => {
    for (const state of ["off", "connecting", "live", "idle", "store_bound", "draining"] as const) {
      expect(of({ state })).toEqual([]);
    }
  });

  it("put the worst first and name each kind once", () => {
    expect(of({ state: "retrying", away: "store", counters: away(3) })).toEqual(["store", "counters"]);
    const unreadable = new HostError({
      code: "store_unavailable",
      message: "No answer.",
      detail: null,
      retryable: true,
    });
    expect(of({ state: "retrying", away: "store" }, unreadable)).toEqual(["store"]);
    expect(of({ state: "live" }, unreadable)).toEqual(["store"]);
    expect(of({ state: "live" }, new Error("something else"))).toEqual([]);
    expect(feedNotices(undefined, unreadable, now)[0]?.text).toContain("No answer.");
  });

  it("prefer the burst guard to whatever the engine calls the state", () => {
    const paused = { reason: "x", rejected: 51, of: 1_000, top_reason: "invalid_json" };
    expect(of({ state: "live", paused })).toEqual(["paused"]);
    expect(of({ state: "failed", paused })).toEqual(["paused"]);
  });

  it("leave out decisions that nobody made", () => {
    const text = (decided: number) => feedNotices(status({ counters: away(decided) }), null, now)[0]?.text;
    expect(text(0)).toBe("Noise reduction and quotas are off until it is back.");
    expect(text(1)).toContain("1 decision was made without them.");
  });
});
