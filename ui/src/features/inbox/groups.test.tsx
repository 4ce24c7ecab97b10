import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { readPlace } from "@/app/place";
import { plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows, topOf } from "@/test/renderApp";

const AT = "/inbox?q=is:unresolved&group=level";
const headers = () =>
  screen
    .queryAllByTestId(testIds.issueGroup)
    .sort((a, b) => Number(a.dataset.group) - Number(b.dataset.group));
const cursorHeader = () => headers().find((header) => header.dataset.cursor !== undefined);
const header = (id: string) => headers().find((one) => one.dataset.groupId === id) as HTMLElement;
const boxOf = (element: HTMLElement) => element.querySelector("[role=checkbox]") as HTMLElement;
const arrow = (key: "ArrowLeft" | "ArrowRight", shiftKey = false) => press(key, { shiftKey });

async function open(at = AT) {
  const app = await renderApp({ at });
  await findList();
  return app;
}

type App = Awaited<ReturnType<typeof open>>;
const snapshotOf = (app: App) => app.services.inbox.list.get()?.snapshot;
const shownGroups = (app: App) => snapshotOf(app)?.groups ?? [];

describe("a grouped list", () => {
  it("is chosen by keys, is part of the address, and goes back", async () => {
    const app = await open("/inbox?q=is:unresolved&sort=events");
    const { router, services } = app;
    const busiest = cursorRow().dataset.issueId;
    expect(headers()).toEqual([]);
    press("b");
    press("l");
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ sort: "events", group: "level" }),
    );
    await waitFor(() => expect(headers().length).toBeGreaterThan(0));
    const [first] = shownGroups(app);
    expect(first?.key).toBe("fatal");
    // The cursor stays on its issue.
    expect(cursorRow().dataset.issueId).toBe(busiest);
    press("Home");
    expect(header("=fatal").textContent).toContain("fatal");
    expect(services.inbox.list.get()?.grouping).toBe("level");
    expect(screen.getByTestId(testIds.issueList).getAttribute("role")).toBe("treegrid");
    press("b");
    press("n");
    await waitFor(() => expect(headers()).toEqual([]));
    expect(router.state.location.search).not.toHaveProperty("group");
    router.history.back();
    await waitFor(() => expect(headers().length).toBeGreaterThan(0));
  });

  it("is chosen in the toolbar, opened by a key", async () => {
    await open("/inbox?q=is:unresolved");
    press("b");
    press("b");
    const project = await screen.findByRole("option", { name: /^Project/ });
    fireEvent.pointerMove(project, { pointerType: "mouse" });
    fireEvent.mouseMove(project);
    fireEvent.mouseDown(project);
    fireEvent.mouseUp(project);
    fireEvent.click(project);
    await waitFor(() => expect(screen.getByTestId(testIds.grouping).dataset.value).toBe("project"));
    await waitFor(() => expect(headers().length).toBeGreaterThan(0));
  });

  it("has a header above the issues of each group, which says how much is in it", async () => {
    const app = await open();
    const groups = shownGroups(app);
    const { ids } = app.services.inbox.list.get()?.snapshot ?? { ids: [] };
    expect(groups.reduce((sum, group) => sum + group.issues, 0)).toBe(ids.length);
    const [first] = headers() as [HTMLElement];
    expect(topOf(first)).toBe(0);
    expect([topOf(cursorRow()), cursorRow().dataset.index]).toEqual([28, "0"]);
    expect(first.getAttribute("aria-label")).toMatch(/^fatal, [\d\u202f]+ issues?, [\d\u202f]+ events?$/);
    expect(first.getAttribute("aria-rowindex")).toBe("2");
    expect(cursorRow().getAttribute("aria-rowindex")).toBe("3");
    const list = screen.getByTestId(testIds.issueList);
    expect(list.getAttribute("aria-rowcount")).toBe(String(ids.length + groups.length + 1));
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("shows in each header on screen what its issues lately had, read in one request", async () => {
    const app = await renderApp({ at: "/inbox?q=is:unresolved" });
    const { host } = app;
    const asked = vi.spyOn(host, "groupTrends");
    await findList();
    await act(() =>
      app.router.navigate({ to: "/inbox", search: { q: "is:unresolved", sort: "events", group: "level" } }),
    );
    await waitFor(() => expect(shownGroups(app).length).toBeGreaterThan(2));
    arrow("ArrowLeft", true);
    const groups = shownGroups(app);
    await waitFor(() => expect(headers()).toHaveLength(groups.length));
    const trends = () => headers().map((header) => header.querySelector("[role=gridcell][aria-label]"));
    await waitFor(() => expect(trends().every((cell) => cell?.querySelector("path"))).toBe(true));
    // Those on screen first, then those that came with the others collapsed.
    const keys = asked.mock.calls.map((call) => call[2]);
    expect(keys.flat().sort()).toEqual(groups.map(({ key }) => key).sort());
    expect(keys.length).toBeLessThanOrEqual(2);

    let start = 0;
    const { ids } = app.services.inbox.list.get()?.snapshot ?? { ids: [] };
    for (const [at, { issues }] of groups.entries()) {
      let events = 0;
      for (let from = start; from < start + issues; from += 200) {
        const part = await host.issueRows(ids.slice(from, Math.min(from + 200, start + issues)));
        for (const row of part) events += row.trend.reduce((sum, count) => sum + count, 0);
      }
      start += issues;
      expect(trends()[at]?.getAttribute("aria-label")).toBe(`${plural(events, "event")} in the last 24 h`);
    }
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("says of what stands for many groups why it has no trend", async () => {
    const app = await renderApp({ at: "/inbox?q=is:unresolved" });
    const { host } = app;
    const { issueSnapshot } = host;
    vi.spyOn(host, "issueSnapshot").mockImplementation(async (...question) => {
      const snapshot = await issueSnapshot(...question);
      const [first, ...others] = snapshot.groups;
      const rest = others.reduce(
        (sum, { issues, events }) => ({ issues: sum.issues + issues, events: sum.events + events }),
        {
          issues: 0,
          events: 0,
        },
      );
      const groups = first ? [first, { key: null, stands_for: others.length, ...rest }] : [];
      return { ...snapshot, groups };
    });
    await findList();
    await act(() =>
      app.router.navigate({ to: "/inbox", search: { q: "is:unresolved", sort: "events", group: "level" } }),
    );
    await waitFor(() => expect(shownGroups(app)).toHaveLength(2));
    arrow("ArrowLeft", true);
    await waitFor(() => expect(headers()).toHaveLength(2));
    const cells = () => headers().map((header) => header.lastElementChild?.getAttribute("aria-label"));
    await waitFor(() => expect(cells()[0]).toMatch(/in the last 24 h$/));
    expect(cells()[1]).toBe("No trend: it is added up for single levels only");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("is walked group by group, collapsed and expanded by keys", async () => {
    const app = await open();
    const groups = shownGroups(app);
    const size = groups[0]?.issues ?? 0;
    press("}", { shiftKey: true });
    expect(cursorHeader()?.dataset.groupId).toBe("=error");
    press("{", { shiftKey: true });
    expect(cursorHeader()?.dataset.groupId).toBe("=fatal");
    press("ArrowDown");
    expect(cursorRow().dataset.index).toBe("0");
    arrow("ArrowLeft");
    expect(cursorHeader()?.dataset.groupId).toBe("=fatal");
    arrow("ArrowLeft");
    expect(cursorHeader()?.getAttribute("aria-expanded")).toBe("false");
    press("j");
    expect(cursorHeader()?.dataset.groupId).toBe("=error");
    press("j");
    expect(cursorRow().dataset.index).toBe(String(size));
    press("Home");
    arrow("ArrowRight");
    expect(cursorHeader()?.getAttribute("aria-expanded")).toBe("true");
    arrow("ArrowRight");
    expect(cursorRow().dataset.index).toBe("0");
    arrow("ArrowLeft", true);
    expect([rows().length, headers().length]).toEqual([0, groups.length]);
    expect(headers().map((one) => topOf(one))).toEqual(groups.map((_, at) => at * 28));
    press("Enter");
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    press("End");
    arrow("ArrowRight", true);
    press("End");
    expect(cursorRow().dataset.index).toBe(String((snapshotOf(app)?.ids.length ?? 0) - 1));
  });

  it("keeps what is collapsed and the place while an issue is open", async () => {
    await open();
    press("Home");
    arrow("ArrowLeft");
    press("j");
    press("j");
    press("j");
    const id = cursorRow().dataset.issueId;
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    press("Escape");
    await findList();
    expect(cursorRow().dataset.issueId).toBe(id);
    expect(header("=fatal").getAttribute("aria-expanded")).toBe("false");
  });

  it("selects a whole group, by key and by its box, with an exact count", async () => {
    const app = await open();
    const { selection } = app.services;
    const [fatal = { issues: 0 }, error = { issues: 0 }] = shownGroups(app);
    press("Home");
    press("x");
    expect(selection.count).toBe(fatal.issues);
    expect(boxOf(header("=fatal")).getAttribute("aria-checked")).toBe("true");
    press("j");
    press("x");
    expect(selection.count).toBe(fatal.issues - 1);
    expect(boxOf(header("=fatal")).getAttribute("aria-checked")).toBe("mixed");
    press("}", { shiftKey: true });
    fireEvent.click(boxOf(header("=error")));
    expect(selection.count).toBe(fatal.issues - 1 + error.issues);
    fireEvent.click(boxOf(header("=error")));
    expect(selection.count).toBe(fatal.issues - 1);
    press("a", { ctrlKey: true });
    expect(boxOf(header("=error")).getAttribute("aria-checked")).toBe("true");
    fireEvent.click(boxOf(header("=error")));
    const { total } = app.services.inbox.list.get()?.snapshot ?? { total: 0 };
    expect(selection.count).toBe(total - error.issues);
  });

  it("collapses by a click, and leaves the header where it is", async () => {
    await open();
    press("}", { shiftKey: true });
    const scroller = header("=error").parentElement?.parentElement as HTMLElement;
    const before = topOf(header("=error")) - scroller.scrollTop;
    fireEvent.click(header("=error"));
    expect(header("=error").getAttribute("aria-expanded")).toBe("false");
    expect(topOf(header("=error")) - scroller.scrollTop).toBe(before);
    fireEvent.click(header("=error"));
    expect(header("=error").getAttribute("aria-expanded")).toBe("true");
  });

  it("reads the issues on screen only, however many lie collapsed between them", async () => {
    const { host, services } = await open();
    const read = vi.spyOn(host, "issueRows");
    press("}", { shiftKey: true });
    arrow("ArrowLeft");
    const shown = rows().map(({ dataset }) => Number(dataset.index));
    expect(Math.max(...shown) - Math.min(...shown)).toBeGreaterThan(500);
    await waitFor(() =>
      expect(rows().every(({ dataset }) => services.rows.get(dataset.issueId ?? ""))).toBe(true),
    );
    expect(new Set(read.mock.calls.flat(2)).size).toBeLessThanOrEqual(300);
  });

  it("counts an issue that was put away out of its group", async () => {
    const app = await open();
    const [before] = shownGroups(app);
    press("e");
    await waitFor(() => expect(shownGroups(app)[0]?.issues).toBe((before?.issues ?? 0) - 1));
    expect(shownGroups(app)[0]?.events).toBeLessThan(before?.events ?? 0);
    expect(header("=fatal").textContent).toContain(`${(before?.issues ?? 0) - 1}`);
    expect(cursorRow().dataset.index).toBe("0");
  });

  it("shows every grouping that is offered", async () => {
    const app = await open();
    for (const [letter, name] of [..."psrtcda"].map((key, at) => [
      key,
      ["project", "service", "release", "error_type", "trace", "first_seen_day", "assignee"][at],
    ])) {
      press("b");
      press(letter as string);
      await waitFor(() => expect(app.services.inbox.list.get()?.grouping).toBe(name));
      const issues = shownGroups(app).reduce((sum, group) => sum + group.issues, 0);
      expect(issues).toBe(snapshotOf(app)?.ids.length);
      await waitFor(() => expect(headers()[0]?.textContent).toBeTruthy());
    }
  });

  it("is kept over a restart and by views", async () => {
    const first = await open("/inbox?q=is:unresolved");
    press("b");
    press("l");
    await waitFor(() => expect(readPlace()?.group).toBe("level"));
    const save = await screen.findByTestId(testIds.view("save"));
    fireEvent.click(save);
    await waitFor(async () => expect((await first.host.views())[0]?.grouping).toBe("level"));
    press("2");
    await waitFor(() => expect(first.router.state.location.search).not.toHaveProperty("group"));
    press("1");
    await waitFor(() => expect(first.router.state.location.search).toMatchObject({ group: "level" }));
  });
});
