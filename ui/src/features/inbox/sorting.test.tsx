import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SORTS } from "@/app/order";
import { readPlace } from "@/app/place";
import { differs, ViewDrafts } from "@/features/views/drafts";
import type { IssueRow, SavedView } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp } from "@/test/renderApp";
import { LIST_COLUMNS, UNSORTED } from "./listColumns";

const head = (name: string) =>
  within(screen.getByTestId(testIds.issueList))
    .getAllByRole("columnheader")
    .find(({ dataset }) => dataset.column === name) as HTMLElement;

/** What is above the issue itself, and above its level. */
const headOf = (sorts: string) =>
  within(screen.getByTestId(testIds.issueList))
    .getAllByRole("columnheader")
    .filter(({ dataset }) => dataset.sorts === sorts);

const key = (name: string) => document.querySelector<HTMLElement>(`[data-sort="${name}"]`) as HTMLElement;

async function open(at = "/inbox?q=is:unresolved&sort=last_seen", options = {}) {
  const app = await renderApp({ at, ...options });
  await findList();
  const sort = () => (app.router.state.location.search as { sort: string }).sort;
  const becomes = async (order: string) => {
    await waitFor(() => expect(sort()).toBe(order));
    await waitFor(() => expect(app.services.inbox.list.get()?.sort).toBe(order));
  };
  return { ...app, sort, becomes };
}

describe("a column without an order", () => {
  it("says why, and does nothing when it is clicked", async () => {
    const unsorted = Object.entries(LIST_COLUMNS).flatMap(([name, { sorts }]) => (sorts ? [] : name));
    expect(unsorted).toEqual(Object.keys(UNSORTED));
    window.localStorage.setItem("picket.columns", JSON.stringify({ "": unsorted }));
    const widths = Object.fromEntries(unsorted.map((name) => [name, 40]));
    window.localStorage.setItem("picket.column-widths", JSON.stringify(widths));
    const { sort } = await open();
    for (const name of unsorted) {
      expect(head(name).dataset.tip).toContain("no order by it");
      expect(head(name).dataset.sorts).toBeUndefined();
      fireEvent.click(head(name));
      expect(sort()).toBe("last_seen");
    }
  });
});

describe("a click with Shift", () => {
  it("sorts by a further column, turns it round and takes it out", async () => {
    const { host, services, becomes } = await open();
    fireEvent.click(head("events"));
    await becomes("events");
    fireEvent.click(head("users"), { shiftKey: true });
    await becomes("events,users");
    expect(head("events").textContent).toContain("↓1");
    expect(head("users").textContent).toContain("↓2");
    // It is the first key's to say; a reader hears the others from their words.
    expect(head("events").getAttribute("aria-sort")).toBe("descending");
    expect(head("users").hasAttribute("aria-sort")).toBe(false);
    expect(head("users").textContent).toContain("sorted second: most users first");
    const line = head("users").parentElement as HTMLElement;
    expect(await accessibilityProblems(line)).toEqual([]);

    fireEvent.click(head("users"), { shiftKey: true });
    await becomes("events,users:asc");
    expect(head("users").textContent).toContain("↑2");
    expect(head("users").textContent).toContain("fewest users first");
    const { ids } = await host.issueSnapshot("is:unresolved", "events,users:asc");
    expect(services.inbox.list.get()?.snapshot.ids).toEqual(ids);

    expect(head("users").dataset.tip).toContain("Shift+click to leave it out");
    fireEvent.click(head("users"), { shiftKey: true });
    await becomes("events");
    fireEvent.click(head("events"));
    await becomes("events:asc");
    expect(head("events").getAttribute("aria-sort")).toBe("ascending");
  });

  it("puts a fourth column in place of the third", async () => {
    const { becomes } = await open("/inbox?q=&sort=events,users,first_seen:asc");
    expect(head("trend").dataset.tip).toContain("instead of the last");
    fireEvent.click(head("trend"), { shiftKey: true });
    await becomes("events,users,trends");
  });
});

describe("a click above any column", () => {
  const WORDS: Record<string, (row: IssueRow) => string> = {
    project: (row) => row.project,
    type: (row) => row.issue_type_name.toLowerCase(),
    platform: (row) => row.platform,
    title: (row) => row.title.toLowerCase(),
  };

  it("sorts by it, what is read from A on, and again from the other end", async () => {
    const columns = Object.entries(LIST_COLUMNS).flatMap(([name, { sorts }]) => (sorts ? name : []));
    window.localStorage.setItem("picket.columns", JSON.stringify({ "": columns }));
    // So narrow that there is room for all of them.
    const widths = Object.fromEntries(columns.map((name) => [name, 40]));
    window.localStorage.setItem("picket.column-widths", JSON.stringify(widths));
    const { host, services, becomes } = await open("/inbox?q=is:unresolved");
    const heads = within(screen.getByTestId(testIds.issueList)).getAllByRole("columnheader");
    expect(heads.flatMap(({ dataset }) => dataset.sorts ?? [])).toEqual([
      "title",
      ...Object.values(LIST_COLUMNS).flatMap(({ sorts }) => sorts ?? []),
    ]);
    for (const by of ["title", "project", "type", "platform"]) {
      fireEvent.click(headOf(by)[0] as HTMLElement);
      await becomes(`${by}:asc`);
      expect(headOf(by)[0]?.getAttribute("aria-sort")).toBe("ascending");
      expect(headOf(by)[0]?.textContent).toContain("↑");
      const ids = services.inbox.list.get()?.snapshot.ids ?? [];
      const shown = (await host.issueRows(ids.slice(0, 200))).map((row) => WORDS[by]?.(row));
      expect(shown).toEqual([...shown].sort((a = "", b = "") => (a < b ? -1 : a > b ? 1 : 0)));
    }
    fireEvent.click(headOf("platform")[0] as HTMLElement);
    await becomes("platform");
    expect(headOf("platform")[0]?.textContent).toContain("sorted: from Z to A");
    for (const by of ["labels", "environment", "first_release", "last_release"]) {
      fireEvent.click(headOf(by)[0] as HTMLElement);
      await becomes(`${by}:asc`);
    }
    for (const by of ["note", "priority", "status", "level"]) {
      fireEvent.click(headOf(by)[0] as HTMLElement);
      await becomes(by);
    }

    fireEvent.click(headOf("assignee")[0] as HTMLElement, { shiftKey: true });
    await becomes("level,assignee:asc");
    expect(await accessibilityProblems(headOf("level")[0]?.parentElement as HTMLElement)).toEqual([]);
  }, 60_000);

  it("is above the mark of the level as long as its word is no column", async () => {
    const { host, services, becomes } = await open();
    expect(headOf("level")).toHaveLength(1);
    fireEvent.click(headOf("level")[0] as HTMLElement);
    await becomes("level");
    const [first] = await host.issueRows(services.inbox.list.get()?.snapshot.ids.slice(0, 1) ?? []);
    expect(first?.level).toBe("fatal");
    expect(headOf("level")[0]?.textContent).toContain("most severe first");
  });
});

describe("the palette", () => {
  it("sorts by anything, each from its usual end", async () => {
    const { becomes } = await open();
    press("k", { ctrlKey: true });
    const palette = within(await screen.findByTestId(testIds.palette));
    const field = palette.getByRole("combobox");
    fireEvent.change(field, { target: { value: "sort the list by" } });
    await palette.findByText("Tab");
    fireEvent.keyDown(field, { key: "Tab" });
    await waitFor(() => expect(palette.getAllByRole("option")).toHaveLength(SORTS.length));
    fireEvent.click(await palette.findByRole("option", { name: /^Short id/ }));
    await becomes("short_id:asc");
  });
});

describe("the keys of an order", () => {
  it("are chosen without a mouse", async () => {
    const { becomes } = await open();
    press("s");
    await waitFor(() => expect(document.activeElement).toBe(key("last_seen")));
    press("ArrowDown");
    press("ArrowDown");
    expect(document.activeElement).toBe(key("events"));
    press(" ");
    await becomes("last_seen,events");
    expect(key("events").getAttribute("aria-label")).toBe("Events, sorted second: most occurrences first");
    press(" ");
    await becomes("last_seen,events:asc");
    press("ArrowDown");
    press("Enter", { shiftKey: true });
    await becomes("last_seen,events:asc,users");
    expect(await accessibilityProblems(screen.getByRole("dialog"))).toEqual([]);
    press("ArrowUp");
    press("Backspace");
    await becomes("last_seen,users");
    press("Enter");
    await becomes("events");
    await waitFor(() => expect(key("events")).toBeNull());
    press("S", { shiftKey: true });
    await becomes("events:asc");
  });

  it("are all there is to sort by", async () => {
    await open("/inbox?q=&sort=assignee:asc,events");
    press("s");
    await waitFor(() => expect(document.activeElement).toBe(key("assignee")));
    expect(SORTS.filter((by) => key(by) === null)).toEqual([]);
    // In two columns.
    press("ArrowLeft");
    expect(document.activeElement).toBe(key("events"));
    press("ArrowRight");
    press("ArrowRight");
    expect(document.activeElement).toBe(key("assignee"));
    expect(key("assignee").getAttribute("aria-label")).toBe(
      "Assigned to, sorted first: from A to Z, nobody last",
    );
    // What is said of the others is what choosing them does.
    expect(key("title").textContent).toContain("From A to Z");
    expect(key("priority").textContent).toContain("Highest first");
  });

  it("can be taken out with the mouse, but for the last one", async () => {
    const { becomes } = await open("/inbox?q=&sort=events,users");
    fireEvent.click(screen.getByTestId(testIds.sorting));
    fireEvent.click(await screen.findByRole("button", { name: "Do not sort by events" }));
    await becomes("users");
    expect(screen.queryByRole("button", { name: /^Do not sort by/ })).toBeNull();
  });

  it("are in the overview of keys", async () => {
    await open();
    press("?", { shiftKey: true });
    const sheet = await screen.findByTestId(testIds.helpSheet);
    expect(within(sheet).getByText("Sort the list by one column or up to three…")).toBeTruthy();
    expect(within(sheet).getByText("Turn the order of the list round")).toBeTruthy();
  });
});

describe("an order by several keys", () => {
  it("is a plain sort of the rows", async () => {
    const { host } = await open();
    const { ids } = await host.issueSnapshot("level:error", "users:asc,events,first_seen:asc");
    const shown: IssueRow[] = [];
    for (let at = 0; at < ids.length; at += 200)
      shown.push(...(await host.issueRows(ids.slice(at, at + 200))));
    const sorted = [...shown].sort(
      (a, b) =>
        (a.users ?? -1) - (b.users ?? -1) ||
        b.times_seen - a.times_seen ||
        a.first_seen - b.first_seen ||
        b.last_seen - a.last_seen,
    );
    expect(shown.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
    expect(shown.length).toBeGreaterThan(100);
  });

  it("is what a view is compared by and what stays in its tab", () => {
    const view: SavedView = {
      id: "7",
      name: "Few",
      query: "level:error",
      sort: "users:asc,first_seen",
      grouping: null,
      columns: null,
      density: null,
      follow: false,
      icon: null,
      position: 0,
      pinned: true,
    };
    const shown = (sort: string) => ({ q: view.query, sort, group: null, columns: null, density: null });
    const drafts = new ViewDrafts();
    expect(differs(view, shown("users:asc,first_seen"))).toBe(false);
    drafts.note(view, shown("users:asc,first_seen:asc"));
    // Another run reads it from storage.
    expect(new ViewDrafts().all.get().get(view.id)?.sort).toBe("users:asc,first_seen:asc");
    drafts.note(view, shown("users:asc,first_seen"));
    expect(new ViewDrafts().all.get().has(view.id)).toBe(false);
  });

  it("comes back after a restart with its row and its place", async () => {
    const order = "users:asc,events";
    const { services, becomes } = await open("/inbox?q=is:unresolved&sort=users");
    fireEvent.click(screen.getByTestId(testIds.sorting));
    fireEvent.click(await waitFor(() => key("users")), { shiftKey: true });
    await becomes("users:asc");
    fireEvent.click(key("events"), { shiftKey: true });
    await becomes(order);
    press("Escape");
    await waitFor(() => expect(key("events")).toBeNull());
    for (let i = 0; i < 40; i += 1) press("j");
    const issue = cursorRow().dataset.issueId;
    await waitFor(() => expect(readPlace()).toMatchObject({ issue, sort: order }));
    const place = readPlace();
    expect(services.inbox.link().search.sort).toBe(order);
    cleanup();

    await renderApp({ at: place?.href ?? "", ...(place ? { place } : {}) });
    await findList();
    expect(cursorRow().dataset.issueId).toBe(issue);
    expect(head("users").textContent).toContain("↑1");
  });
});
