import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { HostError, type IssueChange, type Selection } from "@/ipc";
import { createFixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { chooseOption, findList, NOW, press, renderApp } from "@/test/renderApp";

type App = Awaited<ReturnType<typeof renderApp>>;

async function change(app: App, ids: string[], what: IssueChange): Promise<void> {
  await act(() => app.host.bulkChange({ kind: "some", ids }, what, () => undefined));
}

async function someIds(app: App, count: number): Promise<string[]> {
  return (await app.host.issueSnapshot("is:unresolved", "events")).ids.slice(0, count);
}

const entries = () => screen.findAllByTestId(testIds.journalEntry);

describe("the journal", () => {
  it("is empty at first, and says what it is for", async () => {
    await renderApp({ at: "/journal" });
    expect(await screen.findByText("Nothing to undo")).toBeTruthy();
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("is reached by g u, lists what was changed, and undoes any entry", async () => {
    const app = await renderApp();
    await findList();
    const [a = "", b = ""] = await someIds(app, 2);
    await change(app, [a], { kind: "resolve" });
    await change(app, [b], { kind: "set_priority", priority: "high" });
    press("g");
    press("u");
    const [newest, older] = await entries();
    expect(newest?.textContent).toContain("Set the priority of 1 issue");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(within(older as HTMLElement).getByTestId(testIds.journalUndo));
    await waitFor(async () => expect((await app.host.issueRows([a]))[0]?.status).toBe("unresolved"));
    await waitFor(async () =>
      expect((await entries()).map((entry) => entry.dataset.state)).toEqual(["done", "done", "undone"]),
    );
    const undone = (await entries())[2] as HTMLElement;
    const button = within(undone).getByTestId(testIds.journalUndo);
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.dataset.tip).toBe("it was taken back");
    // Taking back an undo does the change again.
    fireEvent.click(within((await entries())[0] as HTMLElement).getByTestId(testIds.journalUndo));
    await waitFor(async () => expect((await app.host.issueRows([a]))[0]?.status).toBe("resolved"));
  });

  /** Two issues resolved, one of them archived since; the older entry is then undone. */
  async function undoWithConflict(app: App): Promise<{ left: string; back: string; entry: HTMLElement }> {
    const [back = "", left = ""] = await someIds(app, 2);
    await change(app, [back, left], { kind: "resolve" });
    await change(app, [left], { kind: "archive_forever" });
    const entry = (await waitFor(async () => {
      const all = await entries();
      expect(all.length).toBe(2);
      return all[1];
    })) as HTMLElement;
    fireEvent.click(within(entry).getByTestId(testIds.journalUndo));
    return { left, back, entry };
  }

  it("leaves what was changed again later, and shows what stands now and before", async () => {
    const app = await renderApp({ at: "/journal" });
    const { left, back } = await undoWithConflict(app);
    const report = await screen.findByTestId(testIds.undoReport);
    expect(report.dataset.conflicts).toBe("1");
    expect(report.textContent).toContain("1 issue is as before. 1 issue was changed again later");
    const [row] = await app.host.issueRows([left]);
    expect(row?.substatus).toBe("archived_forever");
    expect((await app.host.issueRows([back]))[0]?.status).toBe("unresolved");
    const line = within(report).getByRole("row", { name: new RegExp(row?.short_id ?? "-") });
    const cells = within(line).getAllByRole("cell");
    expect(cells[0]?.textContent).toContain("status archived forever");
    expect(cells[1]?.textContent).toMatch(/status (unresolved|new|ongoing|regressed|escalating)/);
    expect(await accessibilityProblems()).toEqual([]);
    // Enter does the harmless thing.
    expect(document.activeElement?.textContent).toBe("Leave it as now");
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.undoReport)).toBeNull());
    expect((await entries()).map((entry) => entry.dataset.state)).toContain("partly_undone");
  });

  it("overwrites what was changed again later when told to, and takes that back, too", async () => {
    const app = await renderApp({ at: "/journal" });
    const { left } = await undoWithConflict(app);
    fireEvent.click(await screen.findByTestId(testIds.undoOverwrite));
    await waitFor(() => expect(screen.queryByTestId(testIds.undoReport)).toBeNull());
    expect((await app.host.issueRows([left]))[0]?.status).toBe("unresolved");
    const said = await screen.findByTestId(testIds.toast);
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    await waitFor(async () =>
      expect((await app.host.issueRows([left]))[0]?.substatus).toBe("archived_forever"),
    );
  });

  it("says why overwriting failed, and tries again", async () => {
    const app = await renderApp({ at: "/journal" });
    const { left } = await undoWithConflict(app);
    const overwrite = await screen.findByTestId(testIds.undoOverwrite);
    vi.spyOn(app.host, "journalUndo").mockRejectedValueOnce(
      new HostError({
        code: "store_unavailable",
        message: "The store is away.",
        detail: null,
        retryable: true,
      }),
    );
    fireEvent.click(overwrite);
    const problem = await screen.findByRole("alert");
    expect(problem.textContent).toContain("The store is away.");
    fireEvent.click(within(problem).getByRole("button", { name: "Try again" }));
    await waitFor(async () => expect((await app.host.issueRows([left]))[0]?.status).toBe("unresolved"));
  });

  it("says until when a delete can be taken back, and when no more", async () => {
    let now = Date.now();
    const app = await renderApp({ at: "/journal", now: () => now });
    await change(app, await someIds(app, 1), { kind: "delete", discard: false });
    await waitFor(async () => expect((await entries())[0]?.textContent).toContain("can be taken back for"));
    now += 2 * 3_600_000;
    await act(() => app.services.queries.invalidateQueries({ queryKey: ["journal"] }));
    await waitFor(async () => expect((await entries())[0]?.dataset.state).toBe("purged"));
    expect(screen.getByTestId(testIds.journalUndo).dataset.tip).toBe("its data has been erased");
  });

  it("narrows down by typing", async () => {
    const app = await renderApp({ at: "/journal" });
    const [a = "", b = ""] = await someIds(app, 2);
    await change(app, [a], { kind: "resolve" });
    await change(app, [b], { kind: "archive_forever" });
    await waitFor(async () => expect((await entries()).length).toBe(2));
    press("/");
    const field = screen.getByRole("searchbox", { name: "Filter the journal" });
    expect(document.activeElement).toBe(field);
    const filter = (value: string) => fireEvent.change(field, { target: { value } });
    filter("archived");
    await waitFor(async () => expect((await entries()).length).toBe(1));
    filter("zzz");
    expect(await screen.findByText("No entry matches “zzz”.")).toBeTruthy();
    // By the short id of an issue.
    const [row] = await app.host.issueRows([a]);
    filter(row?.short_id ?? "");
    await waitFor(async () =>
      expect((await entries()).map((entry) => entry.textContent)).toEqual([
        expect.stringContaining("Resolved 1 issue"),
      ]),
    );
    filter("");
    await chooseOption(screen.getByTestId(testIds.journalAction), "Merges");
    expect(await screen.findByText("No entry is of this kind.")).toBeTruthy();
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("leads back to its first entry, page by page", async () => {
    const app = await renderApp({ at: "/journal" });
    const [id = ""] = await someIds(app, 1);
    const count = 210;
    for (let at = 0; at < count; at += 1) {
      await change(app, [id], { kind: "set_bookmark", on: at % 2 === 0 });
    }
    await waitFor(async () => expect((await entries()).length).toBe(100));
    const older = () => fireEvent.click(screen.getByTestId(testIds.journalOlder));
    older();
    await waitFor(async () => expect((await entries()).length).toBe(200));
    older();
    await waitFor(async () => expect((await entries()).length).toBe(count));
    expect(screen.queryByTestId(testIds.journalOlder)).toBeNull();
    const listed = (await entries()).map((entry) => Number(entry.dataset.entry));
    expect(listed).toEqual(Array.from({ length: count }, (_, at) => count - at));
  });

  it("reads what is new also where older entries are asked for at that moment", async () => {
    const app = await renderApp({ at: "/journal" });
    const [id = ""] = await someIds(app, 1);
    for (let at = 0; at < 120; at += 1) {
      await change(app, [id], { kind: "set_bookmark", on: at % 2 === 0 });
    }
    await waitFor(async () => expect((await entries())[0]?.dataset.entry).toBe("120"));
    const reads = app.host.journal;
    const slow = vi.spyOn(app.host, "journal").mockImplementation(async (...asked) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return reads(...asked);
    });
    await change(app, [id], { kind: "set_bookmark", on: true });
    await waitFor(() => expect(slow).toHaveBeenCalled());
    fireEvent.click(screen.getByTestId(testIds.journalOlder));
    await waitFor(async () => expect((await entries()).length).toBe(121));
  });

  it("says by which search and how long, and lists every issue page by page", async () => {
    const app = await renderApp({ issues: 400, at: "/journal" });
    const { revision } = await app.host.issueSnapshot("is:unresolved", "events");
    const everything: Selection = { kind: "query", query: "is:unresolved", as_of: revision, except: [] };
    await act(() => app.host.bulkChange(everything, { kind: "resolve" }, () => undefined));
    const [entry] = (await entries()) as [HTMLElement];
    expect(entry.textContent).toContain("Search: is:unresolved");
    expect(entry.textContent).toMatch(/took \S+ ms/);
    const total =
      (await app.host.journal({ action: null, words: "", by_hand: false }, null, 1))[0]?.issues ?? 0;
    expect(total).toBeGreaterThan(100);
    fireEvent.click(within(entry).getByTestId(testIds.journalExpand));
    const issues = () => within(entry).getAllByTestId(testIds.journalIssue);
    await waitFor(() => expect(issues().length).toBe(100));
    expect(await accessibilityProblems()).toEqual([]);
    const more = await within(entry).findByTestId(testIds.journalMoreIssues);
    act(() => more.focus());
    let before = 0;
    for (let shown = 100; shown < total; shown = Math.min(shown + 100, total)) {
      // One button for all pages, which keeps the focus.
      expect(document.activeElement).toBe(more);
      before = shown;
      fireEvent.click(more);
      await waitFor(() => expect(issues().length).toBe(Math.min(shown + 100, total)));
    }
    // It goes with the last page, whose first issue is read on from.
    expect(document.activeElement).toBe(within(issues()[before] as HTMLElement).getByRole("link"));
    expect(new Set(issues().map((line) => line.textContent)).size).toBe(total);
    expect(within(entry).queryByTestId(testIds.journalMoreIssues)).toBeNull();
    fireEvent.click(within(entry).getByTestId(testIds.journalExpand));
    expect(within(entry).queryAllByTestId(testIds.journalIssue)).toEqual([]);
  });

  it("lists that an issue was opened, but takes back what was done on purpose", async () => {
    const host = createFixtureHost({ issues: 2_000, now: () => NOW });
    const { ids: before } = await host.issueSnapshot("is:unresolved", "events");
    const a = before[0] ?? "";
    await host.bulkChange({ kind: "some", ids: [a] }, { kind: "resolve" }, () => undefined);
    const app = await renderApp({ at: "/journal", host });
    await entries();
    const { ids } = await app.host.issueSnapshot("is:unresolved", "events");
    const rows = await app.host.issueRows(ids.slice(0, 50));
    const unseen = rows.find((row) => !row.has_seen)?.id ?? "";
    await act(() => app.host.issueOpened(unseen));
    await waitFor(async () => expect((await entries())[0]?.textContent).toContain("by itself"));
    press("z", { ctrlKey: true });
    await waitFor(async () => expect((await app.host.issueRows([a]))[0]?.status).toBe("unresolved"));
    expect((await app.host.issueRows([unseen]))[0]?.has_seen).toBe(true);
  });
});

describe("Mod+Z beside another window", () => {
  const status = async (app: App, id: string) => (await app.host.issueRows([id]))[0]?.status;
  const said = async () => {
    const toasts = await screen.findAllByTestId(testIds.toast);
    return toasts.map(({ textContent }) => textContent).join(" ");
  };

  it("takes back what was done here, whatever was done there since, and does it again", async () => {
    const app = await renderApp();
    await findList();
    const own = document.querySelector<HTMLElement>("[data-cursor]")?.dataset.issueId ?? "";
    press("e");
    await waitFor(async () => expect(await status(app, own)).toBe("resolved"));
    const [other = ""] = await someIds(app, 1);
    expect(other).not.toBe(own);
    await change(app, [other], { kind: "resolve" });

    press("z", { ctrlKey: true });
    await waitFor(async () => expect(await status(app, own)).toBe("unresolved"));
    expect(await status(app, other)).toBe("resolved");
    press("z", { ctrlKey: true });
    await waitFor(async () =>
      expect(await said()).toMatch(/Nothing to undo in this window.*was done in another one/),
    );
    expect(await status(app, other)).toBe("resolved");
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(async () => expect(await status(app, own)).toBe("resolved"));
  });

  it("takes back what was done before the window was opened", async () => {
    const host = createFixtureHost({ issues: 2_000, now: () => NOW });
    const [earlier = ""] = (await host.issueSnapshot("is:unresolved", "events")).ids;
    await host.bulkChange({ kind: "some", ids: [earlier] }, { kind: "resolve" }, () => undefined);
    const app = await renderApp({ host });
    await findList();
    const [later = ""] = await someIds(app, 1);
    await change(app, [later], { kind: "resolve" });
    press("z", { ctrlKey: true });
    await waitFor(async () => expect(await status(app, earlier)).toBe("unresolved"));
    expect(await status(app, later)).toBe("resolved");
  });
});

describe("the history of a window", () => {
  const status = async (app: App, id: string) => (await app.host.issueRows([id]))[0]?.status;
  const becomes = (app: App, id: string, wanted: string) =>
    waitFor(async () => expect(await status(app, id)).toBe(wanted));
  const back = () => press("z", { ctrlKey: true });
  const again = () => press("Z", { ctrlKey: true, shiftKey: true });
  const newest = async (app: App) =>
    (await app.host.journal({ action: null, words: "", by_hand: true }, null, 1))[0]?.id ?? "";
  /** A window that opens a store in which an issue was resolved before, and that has done something of its own. */
  async function open() {
    const host = createFixtureHost({ issues: 2_000, now: () => NOW });
    const [earlier = ""] = (await host.issueSnapshot("is:unresolved", "events")).ids;
    await host.bulkChange({ kind: "some", ids: [earlier] }, { kind: "resolve" }, () => undefined);
    const app = await renderApp({ host });
    await findList();
    const own = { undo: vi.fn(), redo: vi.fn() };
    return { app, earlier, own };
  }
  /** Resolves the issue under the cursor. */
  async function resolve(app: App) {
    const id = document.querySelector<HTMLElement>("[data-cursor]")?.dataset.issueId ?? "";
    press("e");
    await becomes(app, id, "resolved");
    return id;
  }

  it("goes on to what was done before where another window took an entry back", async () => {
    const { app, earlier, own } = await open();
    app.services.undo.steps.did(own);
    const id = await resolve(app);
    const entry = await newest(app);
    await waitFor(() => expect(app.services.undo.steps.isOwn(entry)).toBe(true));
    await act(() => app.host.journalUndo(entry, false, () => undefined));
    await becomes(app, id, "unresolved");
    back();
    await waitFor(() => expect(own.undo).toHaveBeenCalledTimes(1));
    expect(await status(app, earlier)).toBe("resolved");
    back();
    await becomes(app, earlier, "unresolved");
  });

  it("does again in order what was done in it and before it", async () => {
    const { app, earlier, own } = await open();
    app.services.undo.steps.did(own);
    back();
    back();
    await becomes(app, earlier, "unresolved");
    expect(own.undo).toHaveBeenCalledTimes(1);
    await screen.findByText(/^Took back/);
    again();
    await becomes(app, earlier, "resolved");
    expect(own.redo).not.toHaveBeenCalled();
    again();
    await waitFor(() => expect(own.redo).toHaveBeenCalledTimes(1));
  });

  it("does nothing older again once something new was done", async () => {
    const { app, earlier, own } = await open();
    back();
    await becomes(app, earlier, "unresolved");
    app.services.undo.steps.did(own);
    again();
    expect(await screen.findByText("Nothing to do again")).toBeTruthy();
    expect(await status(app, earlier)).toBe("unresolved");
    expect(own.redo).not.toHaveBeenCalled();
  });

  it("stays in order where something is done again over what was changed since", async () => {
    const { app, own } = await open();
    app.services.undo.steps.did(own);
    const id = await resolve(app);
    back();
    await becomes(app, id, "unresolved");
    await screen.findByText(/^Took back/);
    await change(app, [id], { kind: "archive_forever" });
    again();
    fireEvent.click(await screen.findByTestId(testIds.undoOverwrite));
    await becomes(app, id, "resolved");
    await waitFor(() => expect(screen.queryByTestId(testIds.undoReport)).toBeNull());
    // What offered to do it again went when that was done.
    expect(screen.queryByText(/^Took back/)).toBeNull();
    expect(own.undo).not.toHaveBeenCalled();
    back();
    await becomes(app, id, "ignored");
    await screen.findByText(/^Took back/);
    expect(own.undo).not.toHaveBeenCalled();
    back();
    await waitFor(() => expect(own.undo).toHaveBeenCalledTimes(1));
  });

  it("ends with the store: nothing of it is done in another one, nor offered there", async () => {
    const { app, own } = await open();
    const { undo, toasts, queries } = app.services;
    const offered = undo.steps.did(own);
    act(() => toasts.done("Deleted the view “Mine”", { action: { label: "Undo", run: offered } }));
    await screen.findByTestId(testIds.toast);
    const info = await app.host.appInfo();
    vi.spyOn(app.host, "appInfo").mockResolvedValue({ ...info, store: "another" });
    await act(() => queries.invalidateQueries({ queryKey: ["app-info"] }));
    await waitFor(() => expect(screen.queryByTestId(testIds.toast)).toBeNull());
    offered();
    back();
    await screen.findByText(/^Took back/);
    expect(own.undo).not.toHaveBeenCalled();
    expect(undo.report.get()).toBeNull();
  });
});

describe("Mod+Z without anything to undo", () => {
  it("says so", async () => {
    await renderApp();
    await findList();
    press("z", { ctrlKey: true });
    expect((await screen.findByTestId(testIds.toast)).textContent).toContain("Nothing to undo");
  });
});

describe("jobs", () => {
  it("are the newest hundred, and the list says so", async () => {
    const app = await renderApp({ issues: 1_500 });
    const everything: Selection = { kind: "query", query: "", as_of: "", except: [] };
    const { revision } = await app.host.issueSnapshot("", "events");
    const makeJob = (on: boolean) =>
      app.host.bulkChange({ ...everything, as_of: revision }, { kind: "set_bookmark", on }, () => undefined);
    await act(async () => {
      for (let at = 0; at < 99; at += 1) await makeJob(at % 2 === 0);
    });
    await act(() => app.router.navigate({ to: "/jobs" }));
    await waitFor(() => expect(screen.getAllByTestId(testIds.job).length).toBe(99));
    expect(screen.queryByTestId(testIds.jobsCut)).toBeNull();
    await act(async () => {
      await makeJob(false);
      await makeJob(true);
    });
    expect((await screen.findByTestId(testIds.jobsCut)).textContent).toContain("newest 100 jobs");
    expect(screen.getAllByTestId(testIds.job).length).toBe(100);
  });

  it("are listed with how they ended, and go on", async () => {
    const app = await renderApp({ issues: 4_000 });
    await findList();
    press("g");
    press("j");
    expect(await screen.findByText("No jobs")).toBeTruthy();
    const snapshot = await app.host.issueSnapshot("is:unresolved", "events");
    app.host.bulk.chunkDelayMs = 20;
    await act(async () => {
      await app.host.bulkChange(
        { kind: "query", query: "is:unresolved", as_of: snapshot.revision, except: [] },
        { kind: "resolve" },
        ({ job, done }) => {
          if (done > 0) void app.host.jobCancel(job);
        },
      );
    });
    const job = await screen.findByTestId(testIds.job);
    await waitFor(() => expect(job.dataset.state).toBe("cancelled"));
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(within(job).getByTestId(testIds.jobButton("resume")));
    await waitFor(() => expect(screen.getByTestId(testIds.job).dataset.state).toBe("done"));
    expect((await app.host.issueSnapshot("is:unresolved", "events")).total).toBe(0);
    fireEvent.click(screen.getByTestId(testIds.jobButton("undo")));
    await waitFor(async () =>
      expect((await app.host.issueSnapshot("is:unresolved", "events")).total).toBeGreaterThan(0),
    );
  });
});
