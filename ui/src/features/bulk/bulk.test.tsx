import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { preferences } from "@/app/preferences";
import { HostError } from "@/ipc";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, rows } from "@/test/renderApp";
import { bar, box, ids, openList, selectedIds, statuses, toast } from "@/test/selection";

describe("selecting", () => {
  it("marks rows by x, a range by Shift+x and Shift+j, and forgets them by Escape", async () => {
    await openList();
    press("x");
    expect(selectedIds()).toEqual(ids().slice(0, 1));
    press("j");
    press("j");
    press("X", { shiftKey: true });
    expect(selectedIds()).toEqual(ids().slice(0, 3));
    press("J", { shiftKey: true });
    press("ArrowDown", { shiftKey: true });
    expect(selectedIds()).toEqual(ids().slice(0, 5));
    press("K", { shiftKey: true });
    expect(selectedIds()).toEqual(ids().slice(0, 4));
    expect(bar().dataset.count).toBe("4");
    expect(await accessibilityProblems()).toEqual([]);
    press("Escape");
    expect(selectedIds()).toEqual([]);
    expect(screen.queryByTestId(testIds.selectionBar)).toBeNull();
    press("z", { ctrlKey: true });
    expect(selectedIds()).toEqual(ids().slice(0, 4));
  });

  it("follows the pointer: box, Shift+click, Mod+click, and a plain click still opens", async () => {
    const { host } = await openList();
    const [first, , third, , fifth] = rows() as HTMLElement[];
    fireEvent.click(box(first as HTMLElement));
    fireEvent.click(third as HTMLElement, { shiftKey: true });
    expect(selectedIds()).toEqual(ids().slice(0, 3));
    fireEvent.click(fifth as HTMLElement, { ctrlKey: true });
    expect(bar().dataset.count).toBe("4");
    expect(screen.queryByTestId(testIds.issueHeader)).toBeNull();
    // A part of them becomes all, and all becomes nothing.
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    fireEvent.click(screen.getByTestId(testIds.selectAll));
    expect(bar().dataset.count).toBe(String(total));
    fireEvent.click(screen.getByTestId(testIds.selectAll));
    expect(selectedIds()).toEqual([]);
    fireEvent.click(fifth as HTMLElement);
    expect(await screen.findByTestId(testIds.issueHeader)).toBeTruthy();
  });

  it("of everything counts exactly, minus exceptions, and inverts", async () => {
    const { host } = await openList();
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    press("a", { ctrlKey: true });
    const banner = screen.getByTestId(testIds.selectionBanner);
    expect(banner.dataset.count).toBe(String(total));
    expect(screen.getByTestId(testIds.selectAll).getAttribute("aria-checked")).toBe("true");
    press("x");
    expect(banner.dataset.count).toBe(String(total - 1));
    expect(banner.dataset.except).toBe("1");
    expect(screen.getByTestId(testIds.selectAll).getAttribute("aria-checked")).toBe("mixed");
    expect(await accessibilityProblems()).toEqual([]);
    press("I", { ctrlKey: true, shiftKey: true });
    expect(selectedIds()).toEqual(ids().slice(0, 1));
    press("a", { ctrlKey: true });
    const visible = Number(bar().dataset.count);
    const only = screen.getByTestId(testIds.selection("only-visible"));
    const [, said = "0"] = await waitFor(() => {
      const words = /^Only the (\d+) visible$/.exec(only.textContent ?? "");
      expect(Number(words?.[1])).toBeGreaterThan(0);
      return words ?? [];
    });
    // An excluded row is not counted, because it would not stay.
    press("x");
    await waitFor(() => expect(only.textContent).toBe(`Only the ${Number(said) - 1} visible`));
    fireEvent.click(only);
    expect(bar().dataset.count).toBe(String(Number(said) - 1));
    expect(Number(bar().dataset.count)).toBeLessThan(visible);
    expect(screen.queryByTestId(testIds.selectionBanner)).toBeNull();
  });

  it("of everything says how many an action would change", async () => {
    const { host } = await openList();
    press("a", { ctrlKey: true });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    const label = (name: string) => screen.getByTestId(testIds.bulk(name)).textContent;
    expect(label("resolve")).toContain(`Resolve ${formatCount(total)}`);
    // None of them can be opened again.
    const unresolve = screen.getByTestId(testIds.bulk("unresolve"));
    await waitFor(() => expect(unresolve.getAttribute("aria-disabled")).toBe("true"));
    // Another window resolves two of them.
    const [first, second] = ids() as [string, string];
    await host.bulkChange({ kind: "some", ids: [first, second] }, { kind: "resolve" }, () => {});
    press("x");
    await waitFor(() =>
      expect(label("resolve")).toContain(`Resolve ${formatCount(total - 2)} of ${formatCount(total - 1)}`),
    );
  });

  it("of everything takes as many of those on screen as it says, whatever changes the rows", async () => {
    const { services } = await openList();
    press("a", { ctrlKey: true });
    const only = screen.getByTestId(testIds.selection("only-visible"));
    const said = () => Number(/^Only the (\d+) visible$/.exec(only.textContent ?? "")?.[1]);
    await waitFor(() => expect(said()).toBeGreaterThan(0));
    const before = said();
    // Rows of another height: nothing was scrolled, and no window has another size.
    act(() => preferences.change({ density: "compact" }));
    await waitFor(() => expect(said()).toBeGreaterThan(before));
    const compact = said();
    // A click that comes before the next counting takes what it says.
    act(() => {
      preferences.change({ density: "comfortable" });
      fireEvent.click(only);
    });
    expect(services.selection.count).toBe(compact);
    act(() => preferences.change({ density: "cosy" }));
  });

  it("survives an issue that was opened, and is cleared by another query unless it is pinned", async () => {
    const { router } = await openList();
    press("x");
    press("j");
    press("x");
    const chosen = selectedIds();
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    press("Escape");
    await findList();
    expect(selectedIds()).toEqual(chosen);
    const go = (q: string) => act(() => router.navigate({ to: "/inbox", search: { q, sort: "events" } }));
    fireEvent.click(screen.getByTestId(testIds.selection("pin")));
    await go("is:resolved");
    await waitFor(() => expect(bar().textContent).toContain("2 not in this list"));
    fireEvent.click(screen.getByTestId(testIds.selection("pin")));
    await go("is:unresolved");
    await waitFor(() => expect(screen.queryByTestId(testIds.selectionBar)).toBeNull());
  });
});

describe("a selection whose issues go", () => {
  it("loses those that an update shows to be no more, also far off screen, and says so", async () => {
    const { host } = await openList();
    const gone = (await host.issueSnapshot("is:unresolved", "events")).ids.at(-1) ?? "";
    press("x");
    press("G", { shiftKey: true });
    await waitFor(() => expect(cursorRow().dataset.issueId).toBe(gone));
    press("x");
    press("Home", { ctrlKey: true });
    await waitFor(() => expect(ids()).not.toContain(gone));
    await host.bulkChange({ kind: "some", ids: [gone] }, { kind: "delete", discard: false }, () => undefined);
    await screen.findByTestId(testIds.pendingUpdates);
    expect(bar().dataset.count).toBe("2");
    press(".");
    expect((await toast()).textContent).toContain("1 selected issue is no longer in the store");
    expect(bar().dataset.count).toBe("1");
  });

  it("says of one issue and of none on screen what is so", async () => {
    const { host } = await openList("is:unresolved", { issues: 40 });
    const { ids: all } = await host.issueSnapshot("is:unresolved", "events");
    await host.bulkChange({ kind: "some", ids: all.slice(1) }, { kind: "resolve" }, () => undefined);
    await screen.findByTestId(testIds.pendingUpdates);
    press(".");
    await waitFor(() => expect(ids()).toEqual(all.slice(0, 1)));
    press("x");
    expect(screen.getByTestId(testIds.selectAll).getAttribute("aria-checked")).toBe("true");
    press("a", { ctrlKey: true });
    expect(screen.getByTestId(testIds.selectionBanner).textContent).toMatch(
      /^The one issue matching is:unresolved is selected \(as of [^)]+\)\. Later arrivals are not included\./,
    );
  });
});

describe("changing what is selected", () => {
  it("resolves exactly these, says so, and Mod+Z takes it back", async () => {
    const { host, services } = await openList();
    const before = ids();
    const chosen = before.slice(1, 4);
    press("j");
    press("x");
    press("J", { shiftKey: true });
    press("J", { shiftKey: true });
    expect(screen.getByTestId(testIds.bulk("resolve")).textContent).toContain("Resolve 3");
    press("e");
    const said = await toast();
    expect(said.textContent).toContain("Resolved 3 issues");
    // With the key that does the same.
    const caps = [...within(said).getByTestId(testIds.toastAction).querySelectorAll("kbd")];
    expect(caps.map((cap) => cap.textContent)).toEqual(["Ctrl", "Z"]);
    expect(new Set(await statuses(host, chosen))).toEqual(new Set(["resolved"]));
    await waitFor(() => expect(ids()).not.toContain(chosen[0]));
    // They are still selected, and the bar says where they are.
    expect(bar().textContent).toContain("3 not in this list");
    expect(services.selection.count).toBe(3);
    press("z", { ctrlKey: true });
    await waitFor(async () => expect(new Set(await statuses(host, chosen))).toEqual(new Set(["unresolved"])));
    await waitFor(() => expect(ids().slice(0, before.length)).toEqual(before));
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(async () => expect(new Set(await statuses(host, chosen))).toEqual(new Set(["resolved"])));
  });

  it("says how many a button is about, and why it does nothing", async () => {
    const { host } = await openList("level:error");
    const all = await host.issueRows(ids());
    const closed = all.filter((row) => row.status !== "unresolved").length;
    for (let i = 1; i < all.length; i += 1) press("J", { shiftKey: true });
    const count = Number(bar().dataset.count);
    expect(count).toBe(all.length);
    expect(screen.getByTestId(testIds.bulk("unresolve")).textContent).toContain(`${closed} of ${count}`);
    press("Escape");
    press("Home");
    press("x");
    expect(screen.getByTestId(testIds.bulk("merge")).dataset.tip).toBe("select at least two issues");
  });

  it("reports what was skipped and why", async () => {
    await openList("is:forever");
    press("x");
    press("j");
    press("x");
    press("I", { shiftKey: true });
    expect((await toast()).textContent).toContain("Nothing changed: 2 of 2 were so already and are skipped.");
  });

  it("is about what the list held: what came later is left alone, what dropped out is reported", async () => {
    const { host } = await openList("is:unresolved", { issues: 200 });
    const { total, ids: open } = await host.issueSnapshot("is:unresolved", "events");
    const [late = ""] = (await host.issueSnapshot("is:resolved", "events")).ids;
    const [first = "", second = "", third = ""] = open;
    press("a", { ctrlKey: true });
    await host.bulkChange({ kind: "some", ids: [late] }, { kind: "unresolve" }, () => undefined);
    await host.bulkChange({ kind: "some", ids: [first, second] }, { kind: "resolve" }, () => undefined);
    await host.bulkChange(
      { kind: "some", ids: [third] },
      { kind: "set_priority", priority: "low" },
      () => undefined,
    );
    press("i");
    const said = await toast();
    expect(said.textContent).toContain(`Archived ${total - 2} issues`);
    expect(said.textContent).toContain(`2 of ${total} were resolved meanwhile and are skipped.`);
    expect(await statuses(host, [late, first, second])).toEqual(["unresolved", "resolved", "resolved"]);
    expect(await statuses(host, [third])).toEqual(["ignored"]);
  });

  it("leaves those alone that were put away in the list before all of it was selected", async () => {
    const { host, services } = await openList("is:unresolved", { issues: 200 });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    press("e");
    await toast();
    await waitFor(() => expect(services.selection.count).toBe(0));
    press("a", { ctrlKey: true });
    await waitFor(() => expect(bar().dataset.count).toBe(String(total - 1)));
    const { bulkChange } = host;
    const skipped: number[] = [];
    host.bulkChange = async (...asked) => {
      const report = await bulkChange(...asked);
      skipped.push(report.skipped_total);
      return report;
    };
    press("i");
    await waitFor(() => expect(skipped).toEqual([0]));
  });

  it("asks before more than a thousand, and Escape leaves them", async () => {
    const { host } = await openList("is:unresolved", { issues: 4_000 });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    press("a", { ctrlKey: true });
    press("e");
    const yes = await screen.findByTestId(testIds.selection("confirm"));
    expect(document.activeElement).toBe(yes);
    expect(await accessibilityProblems()).toEqual([]);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.selection("confirm"))).toBeNull());
    expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList));
    expect((await host.issueSnapshot("is:unresolved", "events")).total).toBe(total);
    press("e");
    fireEvent.click(await screen.findByTestId(testIds.selection("confirm")));
    await waitFor(async () => expect((await host.issueSnapshot("is:unresolved", "events")).total).toBe(0));
    expect((await toast()).textContent).toMatch(/Resolved [\d\u202f]+ issues/);
  });

  it("asks about what is selected, and no more once another search is opened", async () => {
    const { host, router } = await openList("is:unresolved", { issues: 4_000 });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    press("a", { ctrlKey: true });
    press("e");
    await screen.findByTestId(testIds.selection("confirm"));
    await act(() => router.navigate({ to: "/inbox", search: { q: "is:resolved", sort: "events" } }));
    await waitFor(() => expect(screen.queryByTestId(testIds.selectionBar)).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList)));
    press("Enter");
    expect((await host.issueSnapshot("is:unresolved", "events")).total).toBe(total);
  });

  it("stops in the middle, keeps and says what it did, undoes that or goes on", async () => {
    const { host } = await openList("is:unresolved", { issues: 4_000 });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    host.bulk.chunkDelayMs = 400;
    press("a", { ctrlKey: true });
    press("e");
    fireEvent.click(await screen.findByTestId(testIds.selection("confirm")));
    const progress = await screen.findByTestId(testIds.selection("progress"));
    expect(progress.dataset.total).toBe(String(total));
    expect((await screen.findByTestId(testIds.workPill)).textContent).toContain("1 job");
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByTestId(testIds.selection("cancel")));
    const said = await toast();
    expect(said.textContent).toMatch(/Stopped: [\d\u202f]+ changed, [\d\u202f]+ unchanged/);
    const left = (await host.issueSnapshot("is:unresolved", "events")).total;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(total);
    host.bulk.chunkDelayMs = 0;
    fireEvent.click(within(said).getByTestId(testIds.toastSecond));
    await waitFor(async () => expect((await host.issueSnapshot("is:unresolved", "events")).total).toBe(0));
    press("z", { ctrlKey: true });
    await waitFor(async () => expect((await host.issueSnapshot("is:unresolved", "events")).total).toBe(left));
  });

  it("is listed once among the jobs while it goes on", async () => {
    const { host, services, router } = await openList("is:unresolved", { issues: 4_000 });
    host.bulk.chunkDelayMs = 1_500;
    press("a", { ctrlKey: true });
    press("e");
    fireEvent.click(await screen.findByTestId(testIds.selection("confirm")));
    await act(() => router.navigate({ to: "/jobs" }));
    const number = (await host.jobs())[0]?.id;
    await waitFor(() => expect(services.work.running.get()[0]?.job).toBe(number));
    await waitFor(() => expect(screen.getAllByTestId(testIds.selection("progress")).length).toBe(1));
    await waitFor(() => expect(screen.queryAllByTestId(testIds.job)).toEqual([]));
    fireEvent.click(screen.getByTestId(testIds.selection("cancel")));
    await waitFor(() => expect(screen.getByTestId(testIds.job).dataset.state).toBe("cancelled"), {
      timeout: 3_000,
    });
  });

  it("leaves other issues to be dealt with while it goes on, and says how far the newest work is", async () => {
    const { host, services } = await openList("is:unresolved", { issues: 4_000 });
    host.bulk.chunkDelayMs = 400;
    press("a", { ctrlKey: true });
    press("e");
    fireEvent.click(await screen.findByTestId(testIds.selection("confirm")));
    const { total } = (await screen.findByTestId(testIds.selection("progress"))).dataset;
    act(() => services.selection.clear());
    press("x");
    const [chosen = ""] = selectedIds();
    // The way to act is beside the line that tells how far the work is.
    expect(screen.getByTestId(testIds.selection("progress")).dataset.total).toBe(total);
    fireEvent.click(screen.getByTestId(testIds.bulk("bookmark")));
    await waitFor(async () => expect((await host.issueRows([chosen]))[0]?.is_bookmarked).toBe(true));
    const newer = services.work.begin("Export 3 issues", 3);
    await waitFor(() => expect(screen.getByTestId(testIds.selection("progress")).dataset.total).toBe("3"));
    act(() => newer.end());
    fireEvent.click(screen.getByTestId(testIds.selection("cancel")));
    await waitFor(() => expect(services.work.running.get()).toEqual([]));
    // It was selected while the other work went on, and stays so.
    expect(services.selection.count).toBe(1);
    expect(services.selection.has(chosen)).toBe(true);
  });

  it.each([
    ["a job", 4_000],
    ["a change that is no job", 1_000],
  ])("of which a part was done before it failed is taken back by Mod+Z: %s", async (_, issues) => {
    const { host } = await openList("is:unresolved", { issues });
    const open = async () => (await host.issueSnapshot("is:unresolved", "events")).total;
    const earlier = cursorRow().dataset.issueId ?? "";
    press("e");
    await waitFor(async () => expect(await statuses(host, [earlier])).toEqual(["resolved"]));
    await waitFor(() => expect(ids()).not.toContain(earlier));
    const total = await open();
    expect([total > 500, total > 1_000]).toEqual([true, issues === 4_000]);
    const { bulkChange } = host;
    host.bulk.chunkDelayMs = 200;
    host.bulkChange = async (selection, change, onProgress) => {
      await bulkChange(selection, change, (progress) => {
        onProgress(progress);
        if (progress.done > 0) void host.jobCancel(progress.job);
      });
      throw new HostError({ code: "internal", message: "The disk is full.", detail: null, retryable: false });
    };
    press("a", { ctrlKey: true });
    press("e");
    if (total > 1_000) fireEvent.click(await screen.findByTestId(testIds.selection("confirm")));
    await screen.findAllByText(/issues could not be resolved$/);
    expect(await open()).toBe(total - 500);
    press("z", { ctrlKey: true });
    await waitFor(async () => expect(await open()).toBe(total));
    expect(await statuses(host, [earlier])).toEqual(["resolved"]);
  });

  it("says what failed and tries again", async () => {
    const { host } = await openList();
    press("x");
    press("j");
    press("x");
    const chosen = selectedIds();
    host.failWith = new HostError({
      code: "store_unavailable",
      message: "The disk is full.",
      detail: null,
      retryable: true,
    });
    press("e");
    const said = await toast();
    expect(said.textContent).toContain("2 issues could not be resolved");
    expect(said.textContent).toContain("The disk is full.");
    host.failWith = null;
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    await waitFor(async () => expect(await statuses(host, chosen)).toEqual(["resolved", "resolved"]));
  });
});
