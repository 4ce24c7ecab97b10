import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { readPlace } from "@/app/place";
import { differs, ViewDrafts } from "@/features/views/drafts";
import type { IssueRow, SavedView } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp } from "@/test/renderApp";

const head = (name: string) =>
  within(screen.getByTestId(testIds.issueList))
    .getAllByRole("columnheader")
    .find(({ dataset }) => dataset.column === name) as HTMLElement;

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
      position: 0,
      pinned: true,
    };
    const shown = (sort: string) => ({ q: view.query, sort, group: null, columns: null });
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
    await waitFor(() => expect(readPlace()).toMatchObject({ issue, sort: order }), { timeout: 2_000 });
    const place = readPlace();
    expect(services.inbox.link().search.sort).toBe(order);
    cleanup();

    await renderApp({ at: place?.href ?? "", ...(place ? { place } : {}) });
    await findList();
    expect(cursorRow().dataset.issueId).toBe(issue);
    expect(head("users").textContent).toContain("↑1");
  });
});
