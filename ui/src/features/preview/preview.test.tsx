import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { preferences } from "@/app/preferences";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows } from "@/test/renderApp";

afterEach(() =>
  preferences.change({ preview: false, previewSide: "right", previewWidth: 400, previewHeight: 300 }),
);

const panel = () => screen.findByTestId(testIds.preview);
const toast = () => screen.findByTestId(testIds.toast);

async function open(at = "/inbox?q=level:error&sort=events", options = {}) {
  const app = await renderApp({ at, ...options });
  await findList();
  return app;
}

describe("the preview", () => {
  it("says how many tags it has no room for", async () => {
    const { host } = await open();
    const read = host.occurrenceDetail;
    host.occurrenceDetail = async (...asked) => ({
      ...(await read(...asked)),
      tags: Array.from({ length: 11 }, (_, at) => ({ key: `tag-${at}`, value: "x" })),
    });
    press(" ", { code: "Space" });
    expect((await within(await panel()).findByTestId(testIds.moreTags)).textContent).toBe("+3");
  });

  it("opens with Space, follows the cursor after a rest, and closes with Escape", async () => {
    const { host } = await open();
    press(" ", { code: "Space" });
    const preview = await panel();
    const id = cursorRow().dataset.issueId ?? "";
    await waitFor(() => expect(preview.dataset.issueId).toBe(id));
    const [row] = await host.issueRows([id]);
    await waitFor(() => expect(preview.textContent).toContain(row?.short_id));
    await within(preview).findByText("Stack");
    await within(preview).findByText("Tags");
    expect(await accessibilityProblems()).toEqual([]);
    const read: string[] = [];
    const { issueDetail } = host;
    host.issueDetail = (wanted) => {
      read.push(wanted);
      return issueDetail(wanted);
    };
    for (let i = 0; i < 5; i += 1) press("j");
    const last = cursorRow().dataset.issueId ?? "";
    await waitFor(() => expect(preview.dataset.issueId).toBe(last));
    await waitFor(() => expect(read).toEqual([last]));
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.preview)).toBeNull());
  });

  it("leaves Escape to a selection first", async () => {
    const { services } = await open();
    press(" ", { code: "Space" });
    await panel();
    press("x");
    press("Escape");
    expect(services.selection.count).toBe(0);
    expect(screen.queryByTestId(testIds.preview)).not.toBeNull();
  });

  it("changes the issue it shows", async () => {
    const { host } = await open("/inbox?q=is:unresolved&sort=events");
    press(" ", { code: "Space" });
    const preview = await panel();
    const id = cursorRow().dataset.issueId ?? "";
    fireEvent.click(await within(preview).findByTestId(testIds.issueAction("resolve")));
    await toast();
    expect((await host.issueRows([id]))[0]?.status).toBe("resolved");
  });

  it("is made wider by arrows, within its bounds", async () => {
    await open();
    press(" ", { code: "Space" });
    await panel();
    const edge = screen.getByRole("separator", { name: "Width of the preview" });
    fireEvent.keyDown(edge, { key: "ArrowLeft" });
    await waitFor(() => expect(edge.getAttribute("aria-valuenow")).toBe("420"));
    for (let i = 0; i < 40; i += 1) fireEvent.keyDown(edge, { key: "ArrowRight" });
    await waitFor(() => expect(edge.getAttribute("aria-valuenow")).toBe("320"));
  });
});

describe("the preview below the list", () => {
  it("is put there and back by key, shown by that, and remembered", async () => {
    await open();
    press("|", { code: "Backslash", ctrlKey: true, shiftKey: true });
    const preview = await panel();
    expect(preview.dataset.side).toBe("bottom");
    await within(preview).findByText("Stack");
    expect(JSON.parse(window.localStorage.getItem("picket.preferences") ?? "").previewSide).toBe("bottom");
    expect(await accessibilityProblems()).toEqual([]);
    press("|", { code: "Backslash", ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(preview.dataset.side).toBe("right"));
  });

  it("is made higher by arrows, within its bounds", async () => {
    preferences.change({ preview: true, previewSide: "bottom" });
    await open();
    await panel();
    const edge = screen.getByRole("separator", { name: "Height of the preview" });
    fireEvent.keyDown(edge, { key: "ArrowLeft" });
    fireEvent.keyDown(edge, { key: "ArrowUp" });
    await waitFor(() => expect(edge.getAttribute("aria-valuenow")).toBe("320"));
    for (let i = 0; i < 40; i += 1) fireEvent.keyDown(edge, { key: "ArrowDown" });
    await waitFor(() => expect(edge.getAttribute("aria-valuenow")).toBe("140"));
  });
});

describe("bookmarks and what was seen", () => {
  it("are set and taken off by key, and show in the row", async () => {
    const { host } = await open("/inbox?q=is:new");
    const id = cursorRow().dataset.issueId ?? "";
    const before = (await host.issueRows([id]))[0]?.is_bookmarked ?? false;
    press("B", { shiftKey: true });
    await waitFor(() => expect(cursorRow().dataset.bookmarked !== undefined).toBe(!before));
    expect(cursorRow().getAttribute("aria-label")?.includes("bookmarked")).toBe(!before);
    expect(cursorRow().dataset.unseen).toBe("");
    press("r");
    await waitFor(() => expect(cursorRow().dataset.unseen).toBeUndefined());
    press("r");
    await waitFor(() => expect(cursorRow().dataset.unseen).toBe(""));
    // Having seen an issue is nothing to undo.
    expect(
      (await host.journal({ action: null, words: "", by_hand: false }, null, 10)).map((entry) => entry.title),
    ).toEqual([before ? "Took the bookmark off 1 issue" : "Bookmarked 1 issue"]);
  });

  it("an issue that is opened has been seen", async () => {
    const { host } = await open("/inbox?q=is:new");
    const id = cursorRow().dataset.issueId ?? "";
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    await waitFor(async () => expect((await host.issueRows([id]))[0]?.has_seen).toBe(true));
    press("Escape");
    await findList();
    expect(cursorRow().dataset.unseen).toBeUndefined();
  });
});

describe("sorting", () => {
  it("knows users and trend", async () => {
    const { router, host } = await open();
    await act(() => router.navigate({ to: "/inbox", search: { q: "level:error", sort: "users" } }));
    const { ids } = await host.issueSnapshot("level:error", "users");
    await waitFor(() => expect(rows()[0]?.dataset.issueId).toBe(ids[0]));
    const [first, second] = await host.issueRows(ids.slice(0, 2));
    expect(first?.users).toBeGreaterThanOrEqual(second?.users ?? 0);
    press("s");
    fireEvent.click(await screen.findByRole("button", { name: /^Trend/ }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ sort: "trends" }));
  });
});

describe("going to a row", () => {
  async function go(text: string): Promise<HTMLElement> {
    press("g", { ctrlKey: true });
    const input = await screen.findByTestId(testIds.goToInput);
    await waitFor(() => expect(document.activeElement).toBe(input));
    fireEvent.change(input, { target: { value: text } });
    fireEvent.submit(input.closest("form") as HTMLFormElement);
    return input;
  }
  const index = () => Number(cursorRow().dataset.index);

  it("takes a number, a share, an age and an issue", async () => {
    const { host, services } = await open("/inbox?q=is:unresolved&sort=last_seen");
    const ids = services.inbox.list.get()?.snapshot.ids ?? [];
    // Focus goes back to the list once the dialog is gone; the next one must not open before.
    const backInTheList = () =>
      waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList)));
    await go("512");
    await waitFor(() => expect(index()).toBe(511));
    await backInTheList();
    await go("50%");
    await waitFor(() => expect(index()).toBe(Math.floor(ids.length / 2)));
    await backInTheList();
    const [row] = await host.issueRows([ids[77] as string]);
    await go(row?.short_id ?? "");
    await waitFor(() => expect(index()).toBe(77));
    await backInTheList();
    await go("3w");
    await waitFor(() => expect(index()).toBeGreaterThan(77));
  });

  it("says why it cannot, and offers to open what is elsewhere", async () => {
    const { host } = await open("/inbox?q=is:unresolved&sort=events");
    const { ids } = await host.issueSnapshot("is:resolved", "events");
    const [row] = await host.issueRows([ids[0] as string]);
    const input = await go("3d");
    expect(await screen.findByText(/not sorted by a time/)).toBeTruthy();
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(input, { target: { value: row?.short_id ?? "" } });
    fireEvent.submit(input.closest("form") as HTMLFormElement);
    expect(await screen.findByText(`${row?.short_id} is not in this list.`)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Open it" }));
    expect((await screen.findByTestId(testIds.issueHeader)).dataset.issueId).toBe(row?.id);
  });
});
