import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { createFixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, NOW, press, renderApp, runFeed } from "@/test/renderApp";
import { currentIssue, decide, endRun, startRun, stepBack, summarize } from "./triageRun";

const step = () => screen.findByTestId(testIds.triageScreen);
/** Waits until the issue at this place is looked at. */
async function at(place: number): Promise<HTMLElement> {
  await waitFor(() => expect(screen.getByTestId(testIds.triageScreen).dataset.place).toBe(String(place)));
  return screen.getByTestId(testIds.triageScreen);
}

async function begin(options: Parameters<typeof renderApp>[0] = {}) {
  const app = await renderApp({ at: "/inbox?q=is:unresolved&sort=events", ...options });
  await findList();
  const { ids } = await app.host.issueSnapshot("is:unresolved", "events");
  press("t");
  await step();
  await screen.findByTestId(testIds.issueAction("resolve"));
  return { ...app, ids };
}

describe("triage mode", () => {
  it("shows one issue at a time, and every decision leads to the next", async () => {
    const { host, ids } = await begin();
    const first = await at(1);
    expect(first.dataset.issueId).toBe(ids[0]);
    expect(first.dataset.total).toBe(String(ids.length));
    expect(document.activeElement).toBe(first);
    expect(await accessibilityProblems()).toEqual([]);
    press("e");
    expect((await at(2)).dataset.issueId).toBe(ids[1]);
    expect((await host.issueRows([ids[0] ?? ""]))[0]?.status).toBe("resolved");
    press("s");
    expect((await at(3)).dataset.issueId).toBe(ids[2]);
    await screen.findByTestId(testIds.issueAction("archive"));
    press("i");
    await at(4);
    expect((await host.issueRows([ids[2] ?? ""]))[0]?.status).toBe("ignored");
  });

  it("stays where something was only marked", async () => {
    await begin();
    press("B", { shiftKey: true });
    await screen.findByText(/Bookmarked|bookmark off/);
    expect((await step()).dataset.place).toBe("1");
  });

  it("exports the issue that is looked at, and goes on with it", async () => {
    const { host, ids } = await begin();
    const asked = vi.spyOn(host, "exportPreview");
    press("e", { ctrlKey: true });
    const dialog = await screen.findByTestId(testIds.exportDialog);
    await waitFor(() => expect(Number(dialog.dataset.rows)).toBeGreaterThan(0));
    expect(asked.mock.calls.at(-1)?.[0]).toEqual({
      kind: "issues",
      selection: { kind: "some", ids: [ids[0]] },
    });
    // The keys of the screen below rest.
    press("s");
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.exportDialog)).toBeNull());
    expect((await at(1)).contains(document.activeElement)).toBe(true);
    press("s");
    await at(2);
  });

  it("goes back by Mod+Z, and takes back what was done", async () => {
    const { host, ids } = await begin();
    press("e");
    await at(2);
    press("s");
    await at(3);
    press("z", { ctrlKey: true });
    await at(2);
    expect((await host.issueRows([ids[0] ?? ""]))[0]?.status).toBe("resolved");
    press("z", { ctrlKey: true });
    await at(1);
    await waitFor(async () => expect((await host.issueRows([ids[0] ?? ""]))[0]?.status).toBe("unresolved"));
    expect(await screen.findByText("Took back: Resolved 1 issue")).toBeTruthy();
  });

  it("shows the issue most like it, and merges into that one", async () => {
    const { host, ids } = await begin();
    const [first = ""] = ids;
    const line = await screen.findByTestId(testIds.similar);
    await waitFor(() => expect(line.dataset.issueId).toBeTruthy());
    const [best] = (await host.issueSimilar(first, 1)).issues;
    expect(line.textContent).toContain(`Similar: ${best?.row.short_id} (${best?.score.toFixed(2)}, `);
    expect(line.textContent).toContain("same 3 in-app frames");
    expect(screen.getByTestId(testIds.triage("merge")).textContent).toContain(best?.row.short_id);
    expect(await accessibilityProblems()).toEqual([]);
    press("M", { shiftKey: true });
    await at(2);
    const into = best?.row.id ?? "";
    const merged = await host.issueRows([first, into]);
    expect(merged.map(({ id }) => id)).toEqual([into]);
    press("z", { ctrlKey: true });
    await at(1);
    await waitFor(async () => expect(await host.issueRows([first, into])).toHaveLength(2));
  });

  it("merges nothing where no issue is like it enough", async () => {
    const host = createFixtureHost({ issues: 300, now: () => NOW });
    host.issueSimilar = async (id, limit) => {
      const answer = await createFixtureHost({ issues: 300, now: () => NOW }).issueSimilar(id, limit);
      return { ...answer, issues: answer.issues.map((similar) => ({ ...similar, score: 0.21 })) };
    };
    const { ids } = await begin({ host });
    const line = await screen.findByTestId(testIds.similar);
    await waitFor(() => expect(line.textContent).toMatch(/^No issue is much like it; nearest: .* \(0\.21, /));
    expect(screen.getByTestId(testIds.triage("merge")).dataset.tip).toBe("no issue is like it");
    press("M", { shiftKey: true });
    expect((await step()).dataset.issueId).toBe(ids[0]);
    expect(await host.issueRows(ids.slice(0, 1))).toHaveLength(1);
  });

  it("opens the issue and comes back to the same place", async () => {
    const { router } = await begin();
    press("s");
    await at(2);
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    press("Escape");
    await at(2);
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    router.history.back();
    await at(2);
  });

  it("sums up, and takes the whole run back in one go", async () => {
    const { host, ids } = await begin();
    press("e");
    await at(2);
    await screen.findByTestId(testIds.issueAction("archive"));
    press("i");
    await at(3);
    press("s");
    await at(4);
    press("Escape");
    const end = await screen.findByTestId(testIds.triageEnd);
    expect([end.dataset.done, end.dataset.skipped]).toEqual(["2", "1"]);
    expect(end.textContent).toContain("1 issue resolved");
    expect(end.textContent).toContain("1 issue archived");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByTestId(testIds.triage("undo-run")));
    await waitFor(async () => {
      const rows = await host.issueRows(ids.slice(0, 2));
      expect(rows.map(({ status }) => status)).toEqual(["unresolved", "unresolved"]);
    });
    fireEvent.click(screen.getByTestId(testIds.triage("leave")));
    await findList();
  });

  it("goes back from its end by Mod+Z as well, unless all of it was taken back", async () => {
    const { host, ids } = await begin({ issues: 300 });
    const status = async () => (await host.issueRows([ids[0] ?? ""]))[0]?.status;
    press("e");
    await at(2);
    press("Escape");
    expect((await screen.findByTestId(testIds.triageEnd)).dataset.done).toBe("1");
    press("z", { ctrlKey: true });
    await at(1);
    await waitFor(async () => expect(await status()).toBe("unresolved"));
    expect(await screen.findByText("Took back: Resolved 1 issue")).toBeTruthy();

    await screen.findByTestId(testIds.issueAction("resolve"));
    press("e");
    await at(2);
    press("Escape");
    fireEvent.click(await screen.findByTestId(testIds.triage("undo-run")));
    await screen.findByText("Taken back");
    press("z", { ctrlKey: true });
    await screen.findByText("Nothing to undo");
    expect(screen.getByTestId(testIds.triageEnd).dataset.done).toBe("1");
  });

  it("offers what has arrived only at the end", async () => {
    const { host, services } = await begin({ issues: 300 });
    const counted = vi.spyOn(host, "issueChanges");
    await host.feedStart("demo");
    await runFeed(host, 12);
    expect((await step()).dataset.place).toBe("1");
    press("s");
    await at(2);
    press("Escape");
    await screen.findByTestId(testIds.triageEnd);
    const goOn = await screen.findByTestId(testIds.triage("go-on"));
    expect(goOn.textContent).toMatch(/^Go on with \d+ new issues?$/);
    // By issue: against the list the run began with.
    const list = services.triageRun.get()?.list;
    expect(list).toBeTruthy();
    expect(counted).toHaveBeenCalledWith("is:unresolved", expect.objectContaining({ list }));
    fireEvent.click(goOn);
    const again = await at(1);
    expect(Number(again.dataset.total)).toBeGreaterThan(0);
  });

  it("goes on after a restart where it was, and can still be taken back as a whole", async () => {
    const { host, ids, services, unmount } = await begin();
    press("e");
    await at(2);
    press("s");
    await at(3);
    window.dispatchEvent(new Event("pagehide"));
    unmount();

    const next = await renderApp({ at: "/triage", host });
    const step = await at(3);
    expect([step.dataset.issueId, step.dataset.total]).toEqual([ids[2], String(ids.length)]);
    expect(step.textContent).toContain("1 skipped");
    // Its order is not copied in the running program.
    expect(services.triageRun.get()?.ids).toBe(services.inbox.list.get()?.snapshot.ids);
    await screen.findByTestId(testIds.issueAction("archive"));
    press("i");
    await at(4);
    press("Escape");
    const end = await screen.findByTestId(testIds.triageEnd);
    expect([end.dataset.done, end.dataset.skipped]).toEqual(["2", "1"]);
    fireEvent.click(screen.getByTestId(testIds.triage("undo-run")));
    await waitFor(async () => {
      const rows = await host.issueRows([ids[0] ?? "", ids[2] ?? ""]);
      expect(rows.map(({ status }) => status)).toEqual(["unresolved", "unresolved"]);
    });
    await screen.findByText("Taken back");
    window.dispatchEvent(new Event("pagehide"));
    next.unmount();

    await renderApp({ at: "/triage", host });
    await screen.findByTestId(testIds.triageEnd);
    expect((screen.getByTestId(testIds.triage("undo-run")) as HTMLButtonElement).disabled).toBe(true);
  });

  it("is gone on with from the list", async () => {
    const { router } = await begin();
    press("s");
    await at(2);
    router.history.push("/inbox?q=is:unresolved&sort=events");
    await findList();
    press("T", { shiftKey: true });
    await at(2);
  });

  it("leaves for the list at once where nothing was decided, and says what it is without one", async () => {
    await begin();
    press("Escape");
    await findList();
    expect(screen.queryByTestId(testIds.triageEnd)).toBeNull();
  });

  it("says what to do where no run was begun", async () => {
    await renderApp({ at: "/triage" });
    expect(await screen.findByText("Nothing to go through")).toBeTruthy();
    expect(await accessibilityProblems()).toEqual([]);
  });
});

describe("a run", () => {
  const list = {
    query: "is:unresolved",
    sort: "events" as const,
    grouping: null,
    snapshot: { revision: "7", total: 3, ids: ["1", "2", "3"], groups: [], list: null, took_ms: 1 },
  };
  const skip = { change: null, journal: null };

  it("begins at the cursor and ends behind its last issue", () => {
    const run = startRun(list, "", 1, 100);
    expect([run.title, currentIssue(run)]).toEqual(["All issues", "2"]);
    const ended = decide(decide(run, "2", skip, 110), "3", skip, 120);
    expect([currentIssue(ended), ended.endedAt]).toEqual([null, 120]);
    expect(currentIssue(stepBack(ended))).toBe("3");
  });

  it("hears only of the issue that is looked at", () => {
    const run = startRun(list, "Mine", 0, 0);
    expect(decide(run, "3", skip, 1)).toBe(run);
    expect(stepBack(run)).toBe(run);
  });

  it("sums up what was done, the latest entry first", () => {
    let run = startRun(list, "Mine", 0, 0);
    run = decide(run, "1", { change: "resolve", journal: "11" }, 1);
    run = decide(run, "2", { change: "resolve_in_next_release", journal: "12" }, 2);
    expect(summarize(endRun(run, 3))).toEqual({
      done: 2,
      skipped: 0,
      left: 1,
      kinds: [{ words: "resolved", count: 2 }],
      journals: ["12", "11"],
    });
  });
});
