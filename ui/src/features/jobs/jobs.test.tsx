import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { BulkReport, Job } from "@/ipc";
import { createFixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { NOW, press, renderApp } from "@/test/renderApp";

const JOB: Job = {
  id: "7",
  title: "Resolved 4 000 issues",
  state: "interrupted",
  done: 1_500,
  total: 4_000,
  skipped: 0,
  started_at: NOW - 3_600_000,
  ended_at: null,
  journal: "3",
  problem: null,
  removes: false,
  takes_back: null,
};

const REPORT: BulkReport = {
  job: "7",
  changed: 2_500,
  skipped: [],
  skipped_total: 0,
  reasons: [],
  journal: "3",
  revision: "1",
  cancelled: false,
  undo: null,
};

/** A program whose store has these jobs. */
function hostWith(...jobs: Job[]) {
  const host = createFixtureHost({ issues: 50, now: () => NOW });
  const read = vi.spyOn(host, "jobs").mockImplementation(async () => jobs.map((job) => ({ ...job })));
  const resume = vi.spyOn(host, "jobResume").mockResolvedValue(REPORT);
  return { host, read, resume };
}

/** Waits until the window has looked for interrupted jobs. */
async function looked(read: ReturnType<typeof hostWith>["read"]) {
  await waitFor(() => expect(read).toHaveBeenCalled());
  await act(async () => {
    await Promise.all(read.mock.results.map(({ value }) => value));
    // What is said is said one turn after the answers.
    await new Promise((done) => setTimeout(done, 50));
  });
}

describe("a job that ended with Picket", () => {
  it("is told at launch, once, with the way on", async () => {
    const { host, resume } = hostWith(JOB);
    const first = await renderApp({ host });
    const told = await screen.findByTestId(testIds.toast);
    expect(told.textContent).toMatch(
      /Interrupted: Resolved 4 000 issues.*1\u202f500 of 4\u202f000 are changed/,
    );
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(within(told).getByTestId(testIds.toastAction));
    await waitFor(() => expect(resume).toHaveBeenCalledWith("7", expect.any(Function)));
    expect(await screen.findByText("Finished: Resolved 4 000 issues")).toBeTruthy();
    first.unmount();

    const next = hostWith(JOB);
    const second = await renderApp({ host: next.host });
    await looked(next.read);
    expect(screen.queryByText(/^Interrupted/)).toBeNull();
    second.unmount();

    // It went on and was interrupted again; and one was interrupted that began before it.
    const last = hostWith({ ...JOB, done: 2_000 }, { ...JOB, id: "6", started_at: 1, title: "Older" });
    await renderApp({ host: last.host });
    await screen.findByText("Interrupted: Older");
    expect(screen.getByText("Interrupted: Resolved 4 000 issues")).toBeTruthy();
  });

  it("is told of each store by itself", async () => {
    const first = await renderApp({ host: hostWith(JOB).host });
    await screen.findByText(/^Interrupted/);
    first.unmount();
    const { host } = hostWith(JOB);
    const info = await host.appInfo();
    vi.spyOn(host, "appInfo").mockResolvedValue({ ...info, store: "another" });
    await renderApp({ host });
    expect(await screen.findByText(/^Interrupted/)).toBeTruthy();
  });

  it("is gone on with once, however often that is asked for, and is under way at once", async () => {
    const { host, resume } = hostWith(JOB);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((done) => (end = done));
    resume.mockImplementation(() => ended.then(() => REPORT));
    await renderApp({ host, at: "/jobs" });
    const told = await screen.findByTestId(testIds.toast);
    fireEvent.click(within(await screen.findByTestId(testIds.job)).getByTestId(testIds.jobButton("resume")));
    await waitFor(() => expect(screen.queryByTestId(testIds.job)).toBeNull());
    expect(screen.getByTestId(testIds.selection("progress"))).toBeTruthy();
    fireEvent.click(within(told).getByTestId(testIds.toastAction));
    expect(await screen.findByText("This job goes on already")).toBeTruthy();
    expect(resume).toHaveBeenCalledTimes(1);
    end();
    expect(await screen.findByTestId(testIds.job)).toBeTruthy();
  });

  it("is what Mod+Z takes back where it fails again after it has changed more", async () => {
    const { host, read, resume } = hostWith(JOB);
    resume.mockImplementation(async (_, onProgress) => {
      onProgress({ job: "7", done: 2_000, total: 4_000 });
      throw new Error("the disk is full");
    });
    const { services } = await renderApp({ host });
    fireEvent.click(within(await screen.findByTestId(testIds.toast)).getByTestId(testIds.toastAction));
    await screen.findByText("The job could not be gone on with");
    expect(services.undo.steps.lastDone).toMatchObject({ entry: JOB.journal });
    expect(read.mock.calls.length).toBeGreaterThan(1);
  });

  it("can be taken back from there", async () => {
    const { host } = hostWith(JOB);
    const undo = vi.spyOn(host, "journalUndo");
    await renderApp({ host });
    fireEvent.click(within(await screen.findByTestId(testIds.toast)).getByTestId(testIds.toastSecond));
    await waitFor(() => expect(undo).toHaveBeenCalledWith("3", false, expect.any(Function)));
  });

  it("says what it is, and does it again, where it took something back", async () => {
    const job: Job = {
      ...JOB,
      title: "Undo: Resolved 4 000 issues",
      takes_back: { entry: "2", title: "Resolved 4 000 issues", again: false },
    };
    const { host, resume } = hostWith(job);
    const undo = vi.spyOn(host, "journalUndo");
    await renderApp({ host });
    const told = await screen.findByTestId(testIds.toast);
    expect(told.textContent).toContain("1\u202f500 of 4\u202f000 are taken back");
    expect(within(told).getByTestId(testIds.toastSecond).textContent).toBe("Do again");
    const report = {
      title: "Resolved 4 000 issues",
      job: "7",
      restored: 2_499,
      remaining: 0,
      not_restored: [{ id: "9", reason: "its data has been erased" }],
      conflict_count: 0,
      conflicts: [],
      hashes_taken: [],
      entry: "3",
    };
    resume.mockResolvedValue({ ...REPORT, undo: report });
    fireEvent.click(within(told).getByTestId(testIds.toastAction));
    const end = await screen.findByText("Took back: Resolved 4 000 issues");
    expect(end.closest(`[data-testid="${testIds.toast}"]`)?.textContent).toContain("1 could not be restored");
    expect(resume).toHaveBeenCalledWith("7", expect.any(Function));
    expect(undo).not.toHaveBeenCalled();
  });

  it("is not said to lose rows that it removes itself", async () => {
    const { host, resume } = hostWith({ ...JOB, title: "Delete 4 000 issues", removes: true });
    const { services } = await renderApp({ host });
    const told = await screen.findByTestId(testIds.toast);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((done) => (end = done));
    resume.mockImplementation(() => ended.then(() => REPORT));
    expect(services.selection.isLeaving("1")).toBe(false);
    fireEvent.click(within(told).getByTestId(testIds.toastAction));
    await waitFor(() => expect(resume).toHaveBeenCalled());
    expect(services.selection.isLeaving("1")).toBe(true);
    end();
    await waitFor(() => expect(services.selection.isLeaving("1")).toBe(false));
  });

  it("offers no end while it only reads as running, and one as soon as it moves", async () => {
    const job: Job = { ...JOB, state: "running" };
    const { host } = hostWith(job);
    vi.mocked(host.jobs).mockImplementation(async () => [{ ...job }]);
    await renderApp({ host, at: "/jobs" });
    const line = await screen.findByTestId(testIds.job);
    expect(line.textContent).toContain("not seen to move yet");
    expect(within(line).queryByTestId(testIds.jobButton("cancel"))).toBeNull();
    job.done += 500;
    expect(await within(line).findByTestId(testIds.jobButton("cancel"))).toBeTruthy();
    expect(line.textContent).not.toContain("not seen to move yet");
  });
});

describe("the rows of the jobs", () => {
  const DONE: Job = {
    ...JOB,
    id: "6",
    title: "Resolve",
    state: "done",
    done: 4_000,
    ended_at: NOW - 3_590_000,
  };
  const grid = () => screen.getByTestId(testIds.jobsList);
  const cursor = () => document.querySelector<HTMLElement>("[data-cursor]");

  it("are one tab stop, are counted, and say what one sees", async () => {
    await renderApp({ host: hostWith(JOB, DONE).host, at: "/jobs" });
    await screen.findByTestId(testIds.jobsList);
    expect(grid().getAttribute("role")).toBe("grid");
    expect(grid().getAttribute("aria-rowcount")).toBe("2");
    await waitFor(() => expect(document.activeElement).toBe(grid()));
    const inside = [...grid().querySelectorAll<HTMLElement>("*")];
    expect(inside.filter((one) => one.tabIndex >= 0)).toEqual([]);
    const [, second] = within(grid()).getAllByRole("row");
    expect(second?.getAttribute("aria-rowindex")).toBe("2");
    expect(second?.getAttribute("aria-label")?.replaceAll("\u202f", " ")).toMatch(
      /^Resolve · 4 000 issues, done, 4 000 of 4 000 · took 10\.0 s, .+ ago$/,
    );
    expect(second?.textContent).toContain("Resolve · 4\u202f000 issues");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("are gone on with and undone by keys, as far as they can be", async () => {
    const { host, resume } = hostWith(JOB, DONE);
    const undo = vi.spyOn(host, "journalUndo");
    const { services } = await renderApp({ host, at: "/jobs" });
    await screen.findByTestId(testIds.jobsList);
    const reason = (name: string) => services.keyboard.actions().find(({ id }) => id === name)?.unavailable;
    expect(cursor()?.dataset.job).toBe("7");
    expect(reason("jobs.stop")).toBe("it does not run");
    press("j");
    expect(cursor()?.dataset.job).toBe("6");
    expect(reason("jobs.resume")).toBe("there is nothing to go on with");
    press("r");
    expect(resume).not.toHaveBeenCalled();
    press("u");
    await waitFor(() => expect(undo).toHaveBeenCalledWith("3", false, expect.any(Function)));
    press("k");
    press("r");
    await waitFor(() => expect(resume).toHaveBeenCalledWith("7", expect.any(Function)));
  });

  it("begin with the newest one on each visit, until another one is chosen", async () => {
    const jobs = [DONE];
    const { host, read } = hostWith();
    read.mockImplementation(async () => [...jobs]);
    const { router, services } = await renderApp({ host, at: "/jobs" });
    await screen.findByTestId(testIds.jobsList);
    await act(() => router.navigate({ to: "/journal" }));
    jobs.unshift({ ...DONE, id: "8" });
    await act(() => router.navigate({ to: "/jobs" }));
    await waitFor(() => expect(screen.getAllByTestId(testIds.job).length).toBe(2));
    await waitFor(() => expect(cursor()?.dataset.job).toBe("8"));
    press("j");
    press("k");
    jobs.unshift({ ...DONE, id: "9" });
    await act(() => services.queries.invalidateQueries({ queryKey: ["jobs"] }));
    await waitFor(() => expect(screen.getAllByTestId(testIds.job).length).toBe(3));
    expect(cursor()?.dataset.job).toBe("8");
  });

  it("keep the keyboard on a job that begins to run here, is stopped and ends", async () => {
    const { host, resume } = hostWith(JOB, DONE);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((done) => (end = done));
    resume.mockImplementation(async (_, onProgress) => {
      onProgress({ job: "7", done: 2_000, total: 4_000 });
      await ended;
      return REPORT;
    });
    const cancel = vi.spyOn(host, "jobCancel").mockResolvedValue(null);
    await renderApp({ host, at: "/jobs" });
    await screen.findByTestId(testIds.jobsList);
    press("Enter");
    const button = screen.getByTestId(testIds.jobButton("resume"));
    expect(document.activeElement).toBe(button);
    fireEvent.click(button);
    await screen.findByTestId(testIds.selection("progress"));
    // The button went with the row, whose place that of the same job has taken.
    await waitFor(() => expect(document.activeElement).toBe(grid()));
    const name = cursor()?.getAttribute("aria-label")?.replaceAll("\u202f", " ");
    expect(name).toBe("Resolved 4 000 issues, under way here, 2 000 of 4 000");
    press("ArrowRight");
    const stop = screen.getByTestId(testIds.selection("cancel"));
    expect(document.activeElement).toBe(stop);
    press("ArrowLeft");
    press("s");
    await waitFor(() => expect(cancel).toHaveBeenCalledWith("7"));
    // It is there still for whoever was on it.
    await waitFor(() => expect(stop.textContent).toBe("Stopping…"));
    expect(stop.hasAttribute("disabled")).toBe(false);
    end();
    await waitFor(() => expect(cursor()?.dataset.job).toBe("7"));
    expect(document.activeElement).toBe(grid());
  });
});
