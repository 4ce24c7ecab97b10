import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { IssueChange } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { press, renderApp } from "@/test/renderApp";

type App = Awaited<ReturnType<typeof renderApp>>;

/** A journal with a change of three issues, and one of each of them behind it. Newest first: b, a, all three. */
async function openJournal() {
  const app = await renderApp({ at: "/journal" });
  const ids = (await app.host.issueSnapshot("is:unresolved", "events")).ids.slice(0, 3);
  const [a = "", b = ""] = ids;
  await change(app, ids, { kind: "set_bookmark", on: true });
  await change(app, [a], { kind: "resolve" });
  await change(app, [b], { kind: "archive_forever" });
  await waitFor(() => expect(rows().length).toBe(3));
  // It stayed on the entry that was there first.
  expect(place()).toBe(2);
  press("g");
  press("g");
  return { app, ids, a, b };
}

const change = (app: App, ids: string[], what: IssueChange) =>
  act(() => app.host.bulkChange({ kind: "some", ids }, what, () => undefined));
const grid = () => screen.getByTestId(testIds.journalList);
const rows = () => within(grid()).getAllByRole("row");
const cursor = () => document.querySelector<HTMLElement>("[data-cursor]");
const place = () => rows().indexOf(cursor() as HTMLElement);
const expanders = () => screen.getAllByTestId(testIds.journalExpand);
const status = async (app: App, id: string) => (await app.host.issueRows([id]))[0]?.status;

describe("the rows of the journal", () => {
  it("are one tab stop, are counted, and say what one sees", async () => {
    await openJournal();
    expect(grid().getAttribute("role")).toBe("treegrid");
    expect(document.activeElement).toBe(grid());
    expect(grid().getAttribute("aria-rowcount")).toBe("3");
    expect(rows().map((row) => row.getAttribute("aria-rowindex"))).toEqual(["1", "2", "3"]);
    const inside = [...grid().querySelectorAll<HTMLElement>("*")];
    expect(inside.filter((one) => one.tabIndex >= 0)).toEqual([]);
    const name = rows()[2]?.getAttribute("aria-label");
    expect(name).toMatch(/^Bookmarked 3 issues, \S+-\S+ .*, by .*, \d+ \w ago, stands$/);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("are walked with their issues, which Enter shows and opens", async () => {
    const { app } = await openJournal();
    press("End");
    expect(place()).toBe(2);
    expect(grid().getAttribute("aria-activedescendant")).toBe(cursor()?.id);
    press("Enter");
    await waitFor(() => expect(screen.getAllByTestId(testIds.journalIssue).length).toBe(3));
    expect(grid().getAttribute("aria-rowcount")).toBe("6");
    expect(cursor()?.getAttribute("aria-expanded")).toBe("true");
    press("j");
    press("j");
    expect([cursor()?.getAttribute("aria-posinset"), cursor()?.getAttribute("aria-setsize")]).toEqual([
      "2",
      "3",
    ]);
    expect(await accessibilityProblems()).toEqual([]);
    press("ArrowLeft");
    expect(place()).toBe(2);
    press("ArrowDown");
    const link = within(cursor() as HTMLElement).getByRole("link");
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    expect(app.router.state.location.pathname).toBe(link.getAttribute("href"));
  });

  it("lead to their buttons and along them from row to row", async () => {
    await openJournal();
    press("ArrowRight");
    expect(document.activeElement).toBe(expanders()[0]);
    press("ArrowRight");
    const undos = screen.getAllByTestId(testIds.journalUndo);
    expect(document.activeElement).toBe(undos[0]);
    press("ArrowRight");
    expect(document.activeElement).toBe(undos[0]);
    press("j");
    expect(document.activeElement).toBe(undos[1]);
    expect(place()).toBe(1);
    press("Home");
    expect(document.activeElement).toBe(expanders()[1]);
    press("Home", { ctrlKey: true });
    expect(document.activeElement).toBe(expanders()[0]);
    press("ArrowLeft");
    expect(document.activeElement).toBe(grid());
    expect(place()).toBe(0);
    press("k");
    expect(place()).toBe(0);
  });

  it("are undone by a key, each by itself, which says why it cannot", async () => {
    const { app, a, b } = await openJournal();
    press("j");
    press("u");
    await waitFor(async () => expect(await status(app, a)).toBe("unresolved"));
    expect(await status(app, b)).toBe("ignored");
    await waitFor(() => expect(rows().length).toBe(4));
    // What was done meanwhile stands above; the cursor is on its entry still.
    await waitFor(() => expect(cursor()?.closest<HTMLElement>("[data-state]")?.dataset.state).toBe("undone"));
    expect(place()).toBe(2);
    const undo = () => app.services.keyboard.actions().find(({ id }) => id === "journal.undo");
    expect(undo()?.unavailable).toBe("it was taken back");
    press("g");
    press("g");
    expect(undo()).toMatchObject({ title: "Do again what the entry undid", unavailable: null });
  });

  it("pass the cursor on to the next row where one leaves, also from a button", async () => {
    const { ids } = await openJournal();
    press("G", { shiftKey: true });
    press("Enter");
    await waitFor(() => expect(rows().length).toBe(3 + ids.length));
    press("j");
    press("ArrowRight");
    expect(document.activeElement?.tagName).toBe("A");
    // Its issues go with the entry.
    const field = screen.getByRole("searchbox", { name: "Filter the journal" });
    fireEvent.change(field, { target: { value: "resolved" } });
    await waitFor(() => expect(rows().length).toBe(1));
    await waitFor(() => expect(document.activeElement).toBe(grid()));
    expect(place()).toBe(0);
    press("/");
    expect(document.activeElement).toBe(field);
    press("Enter");
    expect(document.activeElement).toBe(grid());
  });

  it("go on with older ones at the end, and are not counted before", async () => {
    const app = await renderApp({ at: "/journal" });
    const [id = ""] = (await app.host.issueSnapshot("is:unresolved", "events")).ids;
    for (let at = 0; at < 130; at += 1) await change(app, [id], { kind: "set_bookmark", on: at % 2 === 0 });
    await waitFor(() => expect(rows().length).toBe(100));
    await waitFor(() => expect(grid().getAttribute("aria-rowcount")).toBe("-1"));
    press("End");
    expect(place()).toBe(99);
    await waitFor(() => expect(rows().length).toBe(130));
    expect(grid().getAttribute("aria-rowcount")).toBe("130");
    press("j");
    expect(cursor()?.getAttribute("aria-rowindex")).toBe("101");
  });

  it("goes to the first of the issues that Enter reads on with", async () => {
    const app = await renderApp({ issues: 400, at: "/journal" });
    const { ids } = await app.host.issueSnapshot("is:unresolved", "events");
    await change(app, ids.slice(0, 130), { kind: "resolve" });
    await waitFor(() => expect(rows().length).toBe(1));
    press("Enter");
    await waitFor(() => expect(rows().length).toBe(102));
    press("End");
    expect(within(cursor() as HTMLElement).getByTestId(testIds.journalMoreIssues)).toBeTruthy();
    press("Enter");
    await waitFor(() => expect(rows().length).toBe(131));
    expect(place()).toBe(101);
    expect(document.activeElement).toBe(grid());
  });

  it("are chosen by kind with a key, and the keys are told", async () => {
    await openJournal();
    press("?");
    const told = (await screen.findByTestId(testIds.helpSheet)).textContent;
    for (const words of [
      "Choose the kind of action",
      "Undo the entry",
      "Show or hide the issues of the entry",
    ]) {
      expect(told).toContain(words);
    }
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.helpSheet)).toBeNull());
    press("f");
    expect(await screen.findByRole("option", { name: "Merges" })).toBeTruthy();
  });
});
