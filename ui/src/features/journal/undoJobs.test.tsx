import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { UndoReport } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";

const MANY = 4_000;

/** A window in which very many issues were resolved at once. */
async function resolvedMany() {
  const app = await renderApp({ at: "/inbox?q=is:unresolved", issues: MANY });
  await findList();
  const open = async () => (await app.host.issueSnapshot("is:unresolved", "events")).total;
  const total = await open();
  expect(total).toBeGreaterThan(1_000);
  press("a", { ctrlKey: true });
  press("e");
  fireEvent.click(await screen.findByTestId(testIds.selection("confirm")));
  await waitFor(async () => expect(await open()).toBe(0));
  await waitFor(() => expect(app.services.work.running.get()).toEqual([]));
  return { ...app, total, open };
}

const back = () => press("z", { ctrlKey: true });
const forth = () => press("z", { ctrlKey: true, shiftKey: true });

/** Takes back with a key, and stops that after its first part. */
async function stopped({ host }: Awaited<ReturnType<typeof resolvedMany>>, take = back) {
  host.bulk.chunkDelayMs = 400;
  take();
  fireEvent.click(await screen.findByTestId(testIds.selection("cancel")));
  const said = await screen.findByText(/^Stopped: /);
  host.bulk.chunkDelayMs = 0;
  return said.closest<HTMLElement>(`[data-testid="${testIds.toast}"]`) as HTMLElement;
}

describe("taking back a change of very many issues", () => {
  it("shows how far it is where jobs are shown, and is listed as a job", async () => {
    const app = await resolvedMany();
    const { host, total } = app;
    host.bulk.chunkDelayMs = 300;
    back();
    const progress = await screen.findByTestId(testIds.selection("progress"));
    expect(progress.dataset.total).toBe(String(total));
    expect(progress.getAttribute("aria-label")).toMatch(/^Take back: Resolved/);
    expect(await accessibilityProblems()).toEqual([]);
    await act(() => app.router.navigate({ to: "/jobs" }));
    await waitFor(() => expect(screen.getAllByTestId(testIds.selection("progress"))).toHaveLength(1));
    // The change is a job that is done; what goes on is not listed beside its own line.
    await waitFor(() => expect(screen.getAllByTestId(testIds.job)).toHaveLength(1));
    host.bulk.chunkDelayMs = 0;
    await waitFor(async () => expect(await app.open()).toBe(total));
    await waitFor(() => expect(screen.getAllByTestId(testIds.job)).toHaveLength(2));
    const [newest] = screen.getAllByTestId(testIds.job);
    expect(newest?.dataset.state).toBe("done");
    expect(within(newest as HTMLElement).getByTestId(testIds.jobButton("undo")).textContent).toBe("Do again");
  });

  it("stops on its way, says how far it came, and goes on from there", async () => {
    const app = await resolvedMany();
    const said = await stopped(app);
    expect(said.textContent).toMatch(/Stopped: 500 taken back, [\d\u202f]+ not/);
    expect(within(said).getByTestId(testIds.toastAction).textContent).toContain("Redo the 500");
    expect(await app.open()).toBe(500);
    // What said that all were resolved has gone: it would take back the same.
    expect(screen.getAllByTestId(testIds.toast)).toEqual([said]);
    fireEvent.click(within(said).getByTestId(testIds.toastSecond));
    await waitFor(async () => expect(await app.open()).toBe(app.total));
    expect(await screen.findByText(/^Took back: Resolved/)).toBeTruthy();
    // One entry of the journal and one job took all of it back.
    expect((await app.host.jobs()).map((job) => job.state)).toEqual(["done", "done"]);
    forth();
    await waitFor(async () => expect(await app.open()).toBe(0));
  });

  it("leaves the rest to the same key, and does the part again by the other one", async () => {
    const app = await resolvedMany();
    await stopped(app);
    forth();
    await waitFor(async () => expect(await app.open()).toBe(0));
    // First what was done again, then the rest of the change.
    back();
    await waitFor(async () => expect(await app.open()).toBe(500));
    back();
    await waitFor(async () => expect(await app.open()).toBe(app.total));
  });

  it("is gone on with from the jobs, which settles the history as well", async () => {
    const app = await resolvedMany();
    await stopped(app);
    await act(() => app.router.navigate({ to: "/jobs" }));
    const job = (await screen.findAllByTestId(testIds.job)).find((one) => one.dataset.state === "cancelled");
    fireEvent.click(within(job as HTMLElement).getByTestId(testIds.jobButton("resume")));
    await waitFor(async () => expect(await app.open()).toBe(app.total));
    expect(await screen.findByText(/^Took back: Resolved/)).toBeTruthy();
    await waitFor(() => expect(app.services.undo.steps.lastDone).toBeUndefined());
    expect(app.services.undo.steps.lastUndone).toMatchObject({ kind: "entry" });
  });

  it("asks about what was changed again at its end, also of the part before a stop", async () => {
    const app = await resolvedMany();
    const { host } = app;
    const [first = ""] = (await host.issueSnapshot("is:resolved", "events")).ids;
    const { entry, again } = await (async () => {
      const [newest] = await host.journal({ action: null, words: "", by_hand: true }, null, 1);
      const issue = (await host.journalIssues(newest?.id ?? "", null, 1))[0]?.id ?? first;
      await act(() =>
        host.bulkChange({ kind: "some", ids: [issue] }, { kind: "archive_forever" }, () => undefined),
      );
      return { entry: newest?.id, again: issue };
    })();
    expect(entry).toBeDefined();
    const said = await stopped(app);
    expect(screen.queryByTestId(testIds.undoReport)).toBeNull();
    fireEvent.click(within(said).getByTestId(testIds.toastSecond));
    const report = await screen.findByTestId(testIds.undoReport);
    expect(report.dataset.conflicts).toBe("1");
    expect((await host.issueRows([again]))[0]?.substatus).toBe("archived_forever");
  });

  it("keeps what it did before it failed, and goes on by the same key", async () => {
    const app = await resolvedMany();
    const { journalUndo } = app.host;
    app.host.bulk.chunkDelayMs = 200;
    vi.spyOn(app.host, "journalUndo").mockImplementationOnce(async (id, overwrite, onProgress) => {
      await journalUndo(id, overwrite, (progress) => {
        onProgress(progress);
        if (progress.done > 0) void app.host.jobCancel(progress.job);
      });
      throw new Error("the disk is full");
    });
    back();
    await screen.findAllByText(/could not be taken back$/);
    expect(await app.open()).toBe(500);
    expect(app.services.undo.steps.lastDone).toMatchObject({ rest: true });
    back();
    await waitFor(async () => expect(await app.open()).toBe(app.total));
    expect(app.services.undo.steps.lastDone).toBeUndefined();
  });

  it("is not begun twice, and what is done as a whole cannot be stopped", async () => {
    const app = await resolvedMany();
    let end: (report: UndoReport) => void = () => undefined;
    const undo = vi.spyOn(app.host, "journalUndo").mockReturnValue(
      new Promise<UndoReport>((done) => {
        end = done;
      }),
    );
    await act(() => app.router.navigate({ to: "/journal" }));
    const [entry] = await screen.findAllByTestId(testIds.journalEntry);
    const button = within(entry as HTMLElement).getByTestId(testIds.journalUndo);
    fireEvent.click(button);
    fireEvent.click(button);
    expect(await screen.findByText("This is being taken back already")).toBeTruthy();
    expect(undo).toHaveBeenCalledTimes(1);
    await act(() => app.router.navigate({ to: "/jobs" }));
    const line = await screen.findByRole("row", { name: /under way here/ });
    expect(line.textContent).toContain("all at once");
    expect(within(line).queryByTestId(testIds.selection("cancel"))).toBeNull();
    end({
      title: "Resolved",
      job: "",
      restored: 0,
      remaining: 0,
      not_restored: [],
      conflict_count: 0,
      conflicts: [],
      hashes_taken: [],
      entry: "",
    });
    await waitFor(() => expect(screen.queryByRole("region", { name: "Under way" })).toBeNull());
  });
});
