import { EditorView } from "@codemirror/view";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { HostError } from "@/ipc";
import { createFixtureHost, HOSTILE_INDEX } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, NOW, press, renderApp, rows, runFeed, topOf } from "@/test/renderApp";

/** Types into the query field as a user would: through the editor, caret at the end. */
function typeQuery(text: string): void {
  const view = EditorView.findFromDOM(screen.getByTestId(testIds.queryInput));
  if (!view) throw new Error("no editor");
  act(() => {
    view.focus();
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: text.length },
    });
  });
}

const indexOfCursor = () => Number(cursorRow().dataset.index);

describe("keys of the list", () => {
  it("moves by rows, screens and to both ends", async () => {
    const { services } = await renderApp();
    await findList();
    expect(indexOfCursor()).toBe(0);
    press("j");
    press("ArrowDown");
    expect(indexOfCursor()).toBe(2);
    press("k");
    expect(indexOfCursor()).toBe(1);
    press("PageDown");
    expect(indexOfCursor()).toBe(1 + Math.floor(880 / 44));
    press("End");
    expect(indexOfCursor()).toBe((services.inbox.list.get()?.snapshot.ids.length ?? 0) - 1);
    press("g");
    press("g");
    expect(indexOfCursor()).toBe(0);
    press("G", { shiftKey: true });
    press("Home");
    expect(indexOfCursor()).toBe(0);
  });

  it("moves by half screens, and the list to the row, where such keys are chosen", async () => {
    preferences.change({ keyPreset: "vim" });
    try {
      await renderApp();
      await findList();
      const scroller = cursorRow().parentElement?.parentElement as HTMLElement;
      const half = Math.floor(880 / 44 / 2);
      const onScreen = () => topOf(cursorRow()) - scroller.scrollTop;
      for (let i = 0; i < 3; i += 1) press("j");
      press("d", { ctrlKey: true });
      expect(indexOfCursor()).toBe(3 + half);
      expect(onScreen()).toBe(3 * 44);
      press("d", { ctrlKey: true });
      press("u", { ctrlKey: true });
      expect(indexOfCursor()).toBe(3 + half);
      expect(onScreen()).toBe(3 * 44);
      const then = (key: string) => {
        press("z");
        press(key);
      };
      then("z");
      expect(onScreen()).toBe((880 - 44) / 2);
      then("t");
      expect(onScreen()).toBe(0);
      press("d", { ctrlKey: true });
      press("d", { ctrlKey: true });
      then("b");
      expect(onScreen()).toBe(880 - 44);
      // The beginning of a list is not drawn further down.
      press("g");
      press("g");
      then("z");
      expect(onScreen()).toBe(0);
    } finally {
      preferences.change({ keyPreset: "picket" });
    }
  });

  it("keeps letters to themselves while the query is edited", async () => {
    await renderApp();
    await findList();
    press("/");
    expect(document.activeElement).toBe(screen.getByTestId(testIds.queryInput));
    press("j");
    expect(indexOfCursor()).toBe(0);
    press("Escape");
    expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList));
    press("j");
    expect(indexOfCursor()).toBe(1);
  });

  it("switches the density and keeps the cursor", async () => {
    await renderApp();
    await findList();
    // Before the views are there it would be the height of lists without one.
    await screen.findAllByTestId(testIds.viewTab);
    press("j");
    const id = cursorRow().dataset.issueId;
    press("d");
    await waitFor(() => expect(topOf(cursorRow())).toBe(60));
    expect(cursorRow().dataset.issueId).toBe(id);
    press("d");
    press("d");
    await waitFor(() => expect(topOf(cursorRow())).toBe(44));
  });

  it("says where the cursor is and how long the list is", async () => {
    const { services } = await renderApp();
    const list = await findList();
    const total = services.inbox.list.get()?.snapshot.total ?? 0;
    expect(list).toHaveProperty("tabIndex", 0);
    expect(list.getAttribute("aria-rowcount")).toBe(String(total + 1));
    expect(list.getAttribute("aria-activedescendant")).toBe(cursorRow().id);
    expect(cursorRow().getAttribute("aria-rowindex")).toBe("2");
    expect(screen.getByTestId(testIds.resultCount).dataset.total).toBe(String(total));
  });

  it("lets no letter act once single keys are off", async () => {
    const { services } = await renderApp();
    await findList();
    act(() => {
      services.keyboard.singleKeys = false;
    });
    press("j");
    expect(indexOfCursor()).toBe(0);
    press("ArrowDown");
    expect(indexOfCursor()).toBe(1);
  });
});

describe("live updates", () => {
  it("never move a row, and are applied around the cursor", async () => {
    const { host } = await renderApp();
    await findList();
    for (let i = 0; i < 5; i += 1) press("j");
    const before = rows().map((row) => [row.dataset.issueId, topOf(row)]);
    const id = cursorRow().dataset.issueId;

    await runFeed(host, 20);
    const pending = await screen.findByTestId(testIds.pendingUpdates);
    expect(rows().map((row) => [row.dataset.issueId, topOf(row)])).toEqual(before);
    expect(Number(pending.dataset.added)).toBeGreaterThan(0);

    const screenTop = topOf(cursorRow());
    press(".");
    await waitFor(() => expect(screen.queryByTestId(testIds.pendingUpdates)).toBeNull());
    expect(cursorRow().dataset.issueId).toBe(id);
    expect(indexOfCursor()).toBeGreaterThan(5);
    const scroller = cursorRow().parentElement?.parentElement as HTMLElement;
    expect(topOf(cursorRow()) - scroller.scrollTop).toBe(screenTop);
  });

  it("bring the counters of visible rows up to date in their own nodes", async () => {
    const { host } = await renderApp();
    await findList();
    const row = cursorRow();
    const counter = row.querySelectorAll("[role=gridcell]")[4] as HTMLElement;
    const count = counter.textContent;
    const index = host.store.indexOf(row.dataset.issueId ?? "") ?? 0;
    host.store.add(index);
    await runFeed(host, 1);
    await waitFor(() => expect(counter.textContent).not.toBe(count));
    expect(cursorRow()).toBe(row);
  });

  it("are applied by themselves while the first row is followed", async () => {
    const { host } = await renderApp();
    await findList();
    const first = cursorRow().dataset.issueId;
    press("f");
    await runFeed(host, 20);
    await waitFor(() => expect(cursorRow().dataset.issueId).not.toBe(first));
    expect(indexOfCursor()).toBe(0);
    press("j");
    expect(screen.queryByText("following")).toBeNull();
  });

  it("are not told each time the same list is read again", async () => {
    const { host, services } = await renderApp();
    await findList();
    const said: string[] = [];
    const { message } = services.announcer;
    await waitFor(() => expect(message.get()).toContain("issues found"));
    message.subscribe(() => said.push(message.get()));
    const shown = services.inbox.list.get();
    press("f");
    await runFeed(host, 20);
    await waitFor(() => expect(services.inbox.list.get()).not.toBe(shown));
    await runFeed(host, 1);
    expect(said.filter((text) => /found|waiting/.test(text))).toEqual([]);
  });

  it("arrive while followed, however long the list takes to read", async () => {
    const { host } = await renderApp();
    await findList();
    const first = cursorRow().dataset.issueId;
    const read = host.issueSnapshot;
    let answer: (() => void) | undefined;
    const slow = vi.spyOn(host, "issueSnapshot").mockImplementation(async (...asked) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return read(...asked);
    });
    press("f");
    await runFeed(host, 20);
    await waitFor(() => expect(slow).toHaveBeenCalledTimes(1));
    // The feed goes on, and two more updates are due.
    for (let tick = 0; tick < 4; tick += 1) await runFeed(host, 5);
    expect(slow).toHaveBeenCalledTimes(1);
    const [, , , signal] = slow.mock.calls[0] ?? [];
    expect(signal?.aborted).toBe(false);
    act(() => answer?.());
    await waitFor(() => expect(cursorRow().dataset.issueId).not.toBe(first));
  });
});

describe("places", () => {
  it("come back after an issue, with the cursor on the issue that was read last", async () => {
    await renderApp();
    await findList();
    for (let i = 0; i < 40; i += 1) press("j");
    const id = cursorRow().dataset.issueId;
    const top = topOf(cursorRow());
    press("Enter");
    const header = await screen.findByTestId(testIds.issueHeader);
    expect(header.dataset.issueId).toBe(id);

    press("Escape");
    await findList();
    expect(cursorRow().dataset.issueId).toBe(id);
    expect(topOf(cursorRow())).toBe(top);
    expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList));

    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    press("]");
    await waitFor(() => expect(screen.getByTestId(testIds.issueHeader).dataset.issueId).not.toBe(id));
    press("Escape");
    await findList();
    expect(indexOfCursor()).toBe(41);
  });

  it("survive a restart, even when the list has moved on", async () => {
    const first = await renderApp();
    await findList();
    for (let i = 0; i < 7; i += 1) press("j");
    const id = cursorRow().dataset.issueId ?? "";
    first.unmount();

    const place = {
      href: "/settings",
      q: "is:unresolved",
      sort: "last_seen",
      issue: id,
      topRow: 2,
      index: 3,
    } as const;
    await renderApp({ place, at: place.href });
    fireEvent.click(await screen.findByTestId(testIds.nav("inbox")));
    await findList();
    expect(cursorRow().dataset.issueId).toBe(id);
    const scroller = cursorRow().parentElement?.parentElement as HTMLElement;
    // One row above it was visible before, and one is now.
    expect(topOf(cursorRow()) - scroller.scrollTop).toBe(44);
  });
});

describe("the query", () => {
  it("runs when typing pauses and counts exactly", async () => {
    const { host } = await renderApp();
    await findList();
    typeQuery("is:resolved");
    const { total } = await host.issueSnapshot("is:resolved", "last_seen");
    await waitFor(() => expect(screen.getByTestId(testIds.resultCount).dataset.total).toBe(String(total)));
  });

  it("shows a problem at its place, keeps the old result, and corrects it", async () => {
    const { services } = await renderApp();
    await findList();
    const before = services.inbox.list.get();
    typeQuery("times_seen:many is:unresolvd");
    const problem = await screen.findByTestId(testIds.queryProblem);
    expect(problem.dataset.code).toBe("invalid_number");
    expect(problem.textContent).toContain("1 of 2");
    expect(problem.textContent).toContain("last valid query");
    const input = screen.getByTestId(testIds.queryInput);
    // The editor hears of the problem one effect later than the line below it is drawn.
    await waitFor(() => expect(input.getAttribute("aria-invalid")).toBe("true"));
    expect(input.getAttribute("aria-describedby")).toBe(problem.id);
    expect(services.inbox.list.get()).toBe(before);

    press("F8");
    await waitFor(() => expect(screen.getByTestId(testIds.queryProblem).dataset.code).toBe("is_unknown"));
    fireEvent.keyDown(input, { key: "Enter", code: "Enter", keyCode: 13, altKey: true });
    await waitFor(() => expect(input.textContent).toBe("times_seen:many is:unresolved"));
  });

  it("names the term without which there would be results", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved%20zzzz" });
    expect(await screen.findByText("Nothing matches")).toBeTruthy();
    expect(await screen.findByText("zzzz", { selector: "code" })).toBeTruthy();
  });

  it("offers the value that was likely meant, to be taken by one key", async () => {
    await renderApp({ at: "/inbox?q=level:eror" });
    const offer = await screen.findByTestId(testIds.nearMiss);
    expect(offer.textContent).toContain("No issue has level “eror”. Did you mean level:error");
    expect(await accessibilityProblems()).toEqual([]);
    press("Enter", { altKey: true });
    await findList();
    expect(screen.getByTestId(testIds.queryInput).textContent).toBe("level:error");
  });
});

describe("hostile text", () => {
  it("is text in the list and on the issue", async () => {
    const { host } = await renderApp({ at: "/inbox?q=" });
    const id = host.store.id(HOSTILE_INDEX);
    await findList();
    const titled = await renderHostile(host.store.title(HOSTILE_INDEX));
    expect(titled.querySelector("img,script")).toBeNull();
    fireEvent.click(titled);
    const header = await screen.findByTestId(testIds.issueHeader);
    expect(header.dataset.issueId).toBe(id);
    const tags = await screen.findByTestId(testIds.tags);
    expect(tags.textContent).toContain('"><svg onload=alert(1)>');
    expect(document.querySelector("[onerror],[onload]")).toBeNull();
  });
});

async function renderHostile(title: string): Promise<HTMLElement> {
  typeQuery('"img src"');
  return waitFor(() => {
    const row = rows().find((candidate) => candidate.textContent?.includes(title));
    if (!row) throw new Error("not shown yet");
    return row;
  });
}

describe("budgets", () => {
  it("draws a hundred thousand issues with fewer than 3 000 nodes", async () => {
    await renderApp({ issues: 100_000, at: "/inbox?q=" });
    await findList();
    expect(screen.getByTestId(testIds.resultCount).dataset.total).toBe("100000");
    expect(document.querySelectorAll("*").length).toBeLessThan(3_000);
    press("End");
    expect(indexOfCursor()).toBe(99_999);
    expect(document.querySelectorAll("*").length).toBeLessThan(3_000);
  });
});

describe("a store that cannot be read", () => {
  it("is named, with what to do, while the old list stays", async () => {
    const { host, router } = await renderApp();
    await findList();
    host.failWith = new HostError({
      code: "store_unavailable",
      message: "The disk is gone.",
      detail: null,
      retryable: true,
    });
    await act(() => router.navigate({ to: "/inbox", search: { q: "", sort: "events" } }));
    expect(await screen.findByText("The store cannot be read")).toBeTruthy();
    expect(rows().length).toBeGreaterThan(0);
    host.failWith = null;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByText("The store cannot be read")).toBeNull());
  });
});

describe("an empty store", () => {
  it("offers a start, and fills by itself", async () => {
    const { host } = await renderApp({ issues: 0 });
    fireEvent.click(await screen.findByTestId(testIds.startDemo));
    await waitFor(() => expect(screen.getByTestId(testIds.feedPill).dataset.state).not.toBe("off"));
    await runFeed(host, 2);
    await findList();
    await host.feedStop();
  });

  it("leads to a new connection", async () => {
    await renderApp({ issues: 0 });
    fireEvent.click(await screen.findByTestId(testIds.addConnection));
    expect(await screen.findByTestId(testIds.connectionField("name"))).toBeTruthy();
  });
});

describe("another store", () => {
  it("takes nothing over from the one before", async () => {
    const { host, services } = await renderApp();
    await findList();
    const before = services.inbox.list.get();
    const other = createFixtureHost({ issues: 30, seed: 99, now: () => NOW });
    const { issueSnapshot, issueRows } = other;
    const info = await host.appInfo();
    Object.assign(host, { issueSnapshot, issueRows, appInfo: async () => ({ ...info, store: "another" }) });
    await act(() => services.queries.invalidateQueries({ queryKey: ["app-info"] }));
    await waitFor(() => expect(services.inbox.list.get()?.snapshot.total).toBeLessThanOrEqual(30));
    expect(services.inbox.list.get()).not.toBe(before);
  });
});
