import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp } from "@/test/renderApp";
import { acceptKept, acceptWidths } from "./columnWidths";
import { acceptColumns, columnChoices, columnTracks, fittingColumns, groupTracks } from "./listColumns";

const heads = () =>
  within(screen.getByTestId(testIds.issueList))
    .getAllByRole("columnheader")
    .flatMap(({ dataset }) => dataset.column ?? []);
const headOf = (name: string) =>
  within(screen.getByTestId(testIds.issueList))
    .getAllByRole("columnheader")
    .find(({ dataset }) => dataset.column === name) as HTMLElement;
const cells = () =>
  within(cursorRow())
    .getAllByRole("gridcell")
    .flatMap(({ dataset }) => dataset.column ?? []);
const line = (name: string) =>
  screen.getAllByTestId(testIds.listColumn).find((one) => one.dataset.name === name) as HTMLElement;
const box = (name: string) => within(line(name)).getByRole("checkbox");

describe("the columns of the list", () => {
  it("are chosen and put in order by keys alone, above the rows and in them", async () => {
    const { host } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    expect(heads()).toEqual(["trend", "events", "users", "first", "last", "assignee"]);
    press("v");
    await screen.findByTestId(testIds.columnChooser);
    expect(await accessibilityProblems()).toEqual([]);
    // By the box, or by the words beside it.
    fireEvent.click(box("trend"));
    fireEvent.click(line("project").querySelector("label > span:not([role])") as HTMLElement);
    await waitFor(() => expect(line("project").dataset.on).toBe(""));
    fireEvent.keyDown(box("project"), { key: "ArrowUp", altKey: true });
    const wanted = ["events", "users", "first", "last", "project", "assignee"];
    await waitFor(() => expect(heads()).toEqual(wanted));
    expect(cells()).toEqual(wanted);
    const [row] = await host.issueRows([cursorRow().dataset.issueId ?? ""]);
    expect(cursorRow().querySelector("[data-column=project]")?.textContent).toBe(row?.project);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.columnChooser)).toBeNull());
  });

  it("are dropped from the right where the issue would have no room, which is said", async () => {
    const { services, router } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    expect(screen.queryByTestId(testIds.columnsHidden)).toBeNull();
    // The list is 1200 pixels wide under test.
    const wanted = ["frame", "note", "topic", "release", "status", "events", "last"] as const;
    act(() => services.columns.choose([...wanted]));
    await waitFor(() => expect(heads()).toEqual(wanted.slice(0, 6)));
    expect(cells()).toEqual(wanted.slice(0, 6));
    expect(screen.getByTestId(testIds.columnsHidden).textContent).toBe("· 1 hidden");
    act(() => void services.columnWidths.choose("frame", 40));
    await waitFor(() => expect(heads()).toEqual(wanted));
    expect(screen.queryByTestId(testIds.columnsHidden)).toBeNull();
    act(() => void services.columnWidths.choose("frame", 480));
    await waitFor(() => expect(heads()).toEqual(wanted.slice(0, 3)));
    // Cells that are not there are no stop for the keyboard.
    press("ArrowRight");
    press("End");
    expect(document.querySelector<HTMLElement>("[data-active]")?.dataset.column).toBe("topic");
    // Those without room keep their place when another one is moved.
    fireEvent.keyDown(headOf("note"), { key: "ArrowLeft", altKey: true });
    await waitFor(() => expect(services.columns.chosen.get()).toEqual(["note", "frame", ...wanted.slice(2)]));
    expect(router.state.location.pathname).toBe("/inbox");
  });

  it("are part of the view: a draft until they are saved, kept over a restart and taken back", async () => {
    const tab = () => screen.getAllByTestId(testIds.viewTab).find((one) => one.ariaSelected === "true");
    const { host, unmount } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    press("v");
    await screen.findByTestId(testIds.columnChooser);
    fireEvent.click(box("users"));
    await waitFor(() => expect(heads()).not.toContain("users"));
    await waitFor(() => expect(tab()?.dataset.draft).toBe(""));
    expect((await host.views())[0]?.columns).toBeNull();
    unmount();

    // Nothing is lost by leaving, and another view has columns of its own.
    const second = await renderApp({ at: "/inbox?q=is:unresolved", host });
    await findList();
    await waitFor(() => expect(heads()).not.toContain("users"));
    press("4");
    await waitFor(() => expect(heads()).toContain("users"));
    press("1");
    await waitFor(() => expect(heads()).not.toContain("users"));
    await waitFor(() => expect(tab()?.dataset.draft).toBe(""));
    press("s", { ctrlKey: true });
    const saved = ["trend", "events", "first", "last", "assignee"];
    await waitFor(async () => expect((await host.views())[0]?.columns).toEqual(saved));
    await waitFor(() => expect(tab()?.dataset.draft).toBeUndefined());
    expect(heads()).toEqual(saved);

    press("v");
    await screen.findByTestId(testIds.columnChooser);
    fireEvent.click(screen.getByRole("button", { name: "As in other lists" }));
    await waitFor(() => expect(heads()).toContain("users"));
    press("Escape");
    fireEvent.click(await screen.findByTestId(testIds.view("revert")));
    await waitFor(() => expect(heads()).toEqual(saved));
    expect(tab()?.dataset.draft).toBeUndefined();
    second.unmount();
  });

  it("of a list without a view are kept on this device, and are those of views without their own", async () => {
    const { unmount, host } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    press("v");
    await screen.findByTestId(testIds.columnChooser);
    fireEvent.click(box("trend"));
    await waitFor(() => expect(heads()).not.toContain("trend"));
    unmount();
    await renderApp({ at: "/inbox?q=is:unresolved", host });
    await findList();
    await waitFor(() => expect(heads()).not.toContain("trend"));
    expect((await host.views()).every(({ columns }) => columns === null)).toBe(true);
  });

  it("that a view had on this device before are taken over as a change of it, once", async () => {
    window.localStorage.setItem("picket.columns", JSON.stringify({ "1": ["last"], "99": ["first"] }));
    await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    await waitFor(() => expect(heads()).toEqual(["last"]));
    expect(JSON.parse(window.localStorage.getItem("picket.columns") ?? "")).toEqual({ "99": ["first"] });
    fireEvent.click(await screen.findByTestId(testIds.view("revert")));
    await waitFor(() => expect(heads()).toContain("trend"));
  });

  it("sort by a click above them, and say which of them does", async () => {
    const { router, services } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const head = (name: string) =>
      within(screen.getByTestId(testIds.issueList))
        .getAllByRole("columnheader")
        .find(({ dataset }) => dataset.column === name) as HTMLElement;
    expect(head("last").getAttribute("aria-sort")).toBe("descending");
    fireEvent.click(head("events"));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ sort: "events" }));
    await waitFor(() => expect(services.inbox.list.get()?.sort).toBe("events"));
    expect(head("events").getAttribute("aria-sort")).toBe("descending");
    expect(head("last").hasAttribute("aria-sort")).toBe(false);
  });

  it("are moved by keys above them, and stay in the focus", async () => {
    await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    press("V", { shiftKey: true });
    expect((document.activeElement as HTMLElement).dataset.column).toBe("trend");
    press("ArrowRight", { altKey: true });
    await waitFor(() => expect(heads()).toEqual(["events", "trend", "users", "first", "last", "assignee"]));
    expect((document.activeElement as HTMLElement).dataset.column).toBe("trend");
    expect(cells().slice(0, 2)).toEqual(["events", "trend"]);
    press("ArrowLeft", { altKey: true });
    press("ArrowLeft", { altKey: true });
    await waitFor(() => expect(heads()[0]).toBe("trend"));
    press("ArrowRight");
    expect((document.activeElement as HTMLElement).dataset.column).toBe("events");
    press("Enter");
    await waitFor(() => expect(headOf("events").getAttribute("aria-sort")).toBe("descending"));
    expect(await accessibilityProblems()).toEqual([]);
    press("ArrowDown");
    expect(document.activeElement).toBe(screen.getByTestId(testIds.issueList));
  });

  it("get their widths by keys and by their edge, on this device", async () => {
    const { unmount } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    const width = (name: string) =>
      screen.getByTestId(testIds.issueList).style.getPropertyValue(`--width-${name}`);
    expect(width("trend")).toBe("");
    press("V", { shiftKey: true });
    press("ArrowRight", { altKey: true, shiftKey: true });
    expect(width("trend")).toBe("88px");
    for (let i = 0; i < 9; i += 1) press("ArrowLeft", { altKey: true, shiftKey: true });
    expect(width("trend")).toBe("40px");
    const edge = headOf("events").querySelector("[data-edge]") as HTMLElement;
    fireEvent.pointerDown(edge, { clientX: 500, button: 0 });
    fireEvent.pointerMove(edge, { clientX: 440 });
    fireEvent.pointerUp(edge, { clientX: 440 });
    fireEvent.pointerMove(edge, { clientX: 300 });
    expect(width("events")).toBe("140px");
    unmount();
    await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    expect(width("events")).toBe("140px");
    fireEvent.doubleClick(headOf("events").querySelector("[data-edge]") as HTMLElement);
    expect(width("events")).toBe("");
    expect(acceptWidths({ trend: 9_000, gone: 80, events: "wide" })).toEqual({ trend: 480 });
  });

  it("get widths of their own in each view, which a view made from it takes along", async () => {
    const { host, services, router, unmount } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    const width = (name: string) =>
      screen.getByTestId(testIds.issueList).style.getPropertyValue(`--width-${name}`);
    const [one, other] = await host.views();
    if (!one || !other) throw new Error("there are no views");
    const go = async ({ id, query }: typeof one) => {
      await act(() => router.navigate({ to: "/inbox", search: { q: query, sort: "last_seen", view: id } }));
      await findList();
      await waitFor(() => expect(services.inbox.list.get()?.query).toBe(query));
    };
    act(() => void services.columnWidths.choose("trend", 100));
    expect(width("trend")).toBe("100px");
    await go(one);
    // Until it has its own, it has those of the other lists.
    expect(width("trend")).toBe("100px");
    press("V", { shiftKey: true });
    press("ArrowRight", { altKey: true, shiftKey: true });
    expect(width("trend")).toBe("108px");
    await go(other);
    expect(width("trend")).toBe("100px");
    await go(one);
    expect(width("trend")).toBe("108px");
    services.columnWidths.begin("new", one.id);
    expect(services.columnWidths.of("new").trend).toBe(108);
    services.columnWidths.begin("new", other.id);
    expect(services.columnWidths.of("new").trend).toBe(100);
    unmount();

    const { services: next } = await renderApp({ at: "/inbox?q=level:error" });
    expect(next.columnWidths.of().trend).toBe(100);
    expect(next.columnWidths.of(one.id).trend).toBe(108);
  });

  it("have the widths that were kept before views had theirs", () => {
    expect(acceptKept({ trend: 88, gone: 4 })).toEqual(new Map([["", { trend: 88 }]]));
    expect(acceptKept({ "": { trend: 88 }, "3": { trend: 9_000, events: "wide" }, "4": null })).toEqual(
      new Map([
        ["", { trend: 88 }],
        ["3", { trend: 480 }],
      ]),
    );
    expect(acceptKept("junk")).toBeNull();
    expect(acceptKept({})).toEqual(new Map([["", {}]]));
  });

  it("get no wider than there is room, so that the head in use never goes", async () => {
    const { services } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    // The list is 1200 pixels wide under test, and leaves 898 to its columns: 15 more than these have.
    const wanted = ["note", "frame", "topic", "release", "status", "users"] as const;
    act(() => services.columns.choose([...wanted]));
    act(() => void services.columnWidths.choose("users", 73));
    await waitFor(() => expect(heads()).toEqual(wanted));
    headOf("users").focus();
    const said: string[] = [];
    const { say } = services.announcer;
    services.announcer.say = (words) => {
      said.push(words);
      say.call(services.announcer, words);
    };
    for (let i = 0; i < 4; i += 1) press("ArrowRight", { altKey: true, shiftKey: true });
    expect(services.columnWidths.of().users).toBe(88);
    expect(said.at(-1)).toBe("Users: 88 pixels wide, there is no more room");
    expect(heads()).toEqual(wanted);
    expect(document.activeElement).toBe(headOf("users"));
    press("ArrowLeft", { altKey: true, shiftKey: true });
    expect(services.columnWidths.of().users).toBe(80);
    const edge = headOf("note").querySelector("[data-edge]") as HTMLElement;
    fireEvent.pointerDown(edge, { clientX: 500, button: 0 });
    fireEvent.pointerMove(edge, { clientX: 100 });
    fireEvent.pointerUp(edge, { clientX: 100 });
    expect(heads()).toEqual(wanted);
    expect(edge.isConnected).toBe(true);
    // Its usual width is one that it may have no room for either.
    act(() => void services.columnWidths.choose("note", 120));
    act(() => void services.columnWidths.choose("users", 150));
    fireEvent.doubleClick(headOf("note").querySelector("[data-edge]") as HTMLElement);
    expect(services.columnWidths.of().note).toBe(138);
    expect(heads()).toEqual(wanted);
  });

  it("sort by a click on their words also where their edge lies over these", async () => {
    const { router, services } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const sorted = () => (router.state.location.search as { sort?: string }).sort;
    const before = sorted();
    const edge = headOf("events").querySelector("[data-edge]") as HTMLElement;
    // On the border itself it is about the width.
    fireEvent.click(edge, { clientX: 2 });
    expect(sorted()).toBe(before);
    fireEvent.pointerDown(edge, { clientX: 20, button: 0 });
    fireEvent.pointerMove(edge, { clientX: 30 });
    fireEvent.pointerUp(edge, { clientX: 30 });
    fireEvent.click(edge, { clientX: 30 });
    expect(sorted()).toBe(before);
    const { events } = services.columnWidths.of();
    // A hand that is not quite still has clicked all the same.
    fireEvent.pointerDown(edge, { clientX: 20, button: 0 });
    fireEvent.pointerMove(edge, { clientX: 22 });
    fireEvent.pointerUp(edge, { clientX: 22 });
    fireEvent.click(edge, { clientX: 22 });
    await waitFor(() => expect(sorted()).toBe("events"));
    expect(services.columnWidths.of().events).toBe(events);
  });

  it("are dragged to another place, which is no click", async () => {
    const { router } = await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    for (const [at, name] of heads().entries()) {
      headOf(name).getBoundingClientRect = () => new DOMRect(100 * at, 0, 100, 20);
    }
    const head = headOf("last");
    const sort = (router.state.location.search as { sort?: string }).sort;
    fireEvent.pointerDown(head, { clientX: 450, button: 0 });
    fireEvent.pointerMove(head, { clientX: 448 });
    expect(document.querySelector("[data-drop]")).toBeNull();
    fireEvent.pointerMove(head, { clientX: 110 });
    expect(headOf("events").dataset.drop).toBe("before");
    fireEvent.pointerUp(head, { clientX: 110 });
    fireEvent.click(head);
    await waitFor(() => expect(heads()).toEqual(["trend", "last", "events", "users", "first", "assignee"]));
    expect(document.querySelector("[data-drop]")).toBeNull();
    expect((router.state.location.search as { sort?: string }).sort).toBe(sort);
  });

  it("are dropped where the pointer is let go, also before the drag was drawn", async () => {
    await renderApp({ at: "/inbox?q=level:error" });
    await findList();
    for (const [at, name] of heads().entries()) {
      headOf(name).getBoundingClientRect = () => new DOMRect(100 * at, 0, 100, 20);
    }
    const head = headOf("last");
    act(() => {
      // Within one act nothing is drawn in between.
      fireEvent.pointerDown(head, { clientX: 450, button: 0 });
      fireEvent.pointerMove(head, { clientX: 110 });
      fireEvent.pointerUp(head, { clientX: 110 });
    });
    await waitFor(() => expect(heads()).toEqual(["trend", "last", "events", "users", "first", "assignee"]));
    expect(document.querySelector("[data-drop]")).toBeNull();
  });

  it("are taken from storage as far as they are known", () => {
    expect(acceptColumns("junk")).toBeNull();
    expect(acceptColumns({ "3": ["last", "gone", "last", "events"], "4": "no" })).toEqual(
      new Map([["3", ["last", "events"]]]),
    );
    expect(columnChoices(["last"]).filter(({ on }) => on)).toEqual([{ name: "last", on: true }]);
    expect(columnTracks(["last"])).toBe("32px 34px minmax(0, 1fr) var(--width-last, 72px)");
    expect(fittingColumns(["last", "frame", "size"], {}, 302 + 72 + 200)).toEqual(["last", "frame"]);
    expect(fittingColumns(["last", "frame", "size"], {}, 302 + 72 + 199)).toEqual(["last"]);
    // A narrow one behind a wide one does not take its place.
    expect(fittingColumns(["last", "frame", "traces"], { frame: 480 }, 302 + 72 + 200)).toEqual(["last"]);
    expect(fittingColumns(["last"], {}, 320)).toEqual([]);
    expect(groupTracks(["last", "trend"])).toEqual({ tracks: columnTracks(["last", "trend"]), trend: 5 });
    expect(groupTracks(["last"])).toEqual({ tracks: "32px minmax(0, 1fr) auto", trend: 3 });
  });
});
